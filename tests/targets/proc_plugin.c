int plugin_value(int value) {
  return value * 3;
}
