/* What the programs that misuse the library share: a folder to write into, and outputs that must stay as they are. */
#ifndef MISUSE_H
#define MISUSE_H

#include <stdio.h>

static char folder[512];

/* Where outputs point before a call that must fail: they must point there afterwards. */
static char untouched;
#define UNTOUCHED(type) ((type *)(void *)&untouched)

static inline const char *in_folder(const char *name) {
  static char path[600];
  snprintf(path, sizeof path, "%s/%s", folder, name);
  return path;
}

#endif
