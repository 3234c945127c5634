#include <birchlog.h>
