/* The smallest library that can be preloaded without being noticed. */
int proc_preload_is_here = 1;
