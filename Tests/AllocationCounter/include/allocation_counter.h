#pragma once

/* Allocations of the calling thread since it started, in a program that is linked with this; -1 where they are not counted. */
long allocation_count(void);
