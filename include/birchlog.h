#ifndef BIRCHLOG_H
#define BIRCHLOG_H
#ifdef __cplusplus
extern "C" {
#endif
const char *birchlog_version(void);
#ifdef __cplusplus
}
#endif
#endif
