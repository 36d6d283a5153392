// What every program of the sanitized build runs with unless $ASAN_OPTIONS says otherwise.
//
// MLIR's libraries are not instrumented: neither their containers nor their arenas say what of them is in use, and they leave to the
// end of the process what they allocate once.
extern "C" const char *__asan_default_options() {
  return "detect_container_overflow=0:allow_user_poisoning=0:detect_leaks=0:abort_on_error=1";
}
