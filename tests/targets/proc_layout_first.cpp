// A library with static TLS of its own.
static thread_local int values[64];

int first_value() {
  return ++values[7];
}
