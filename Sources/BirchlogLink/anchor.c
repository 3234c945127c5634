/* Carries the linker settings of libbirchlog.so; holds no code. */
