// Writes JSON as a stream, in pieces, without a document in memory. Text that is not UTF-8 is written with
// U+FFFD in place of what is wrong; integers beyond ±2^53 and non-finite floats are written as strings.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/address.h"
#include "base/id.h"
#include "base/int128.h"
#include "model/ids.h"

namespace situ {

class JsonWriter {
 public:
  using Sink = std::function<void(std::string_view)>;

  // Collects into text().
  JsonWriter() = default;
  // Hands pieces of some 64 KiB to `sink`; the last one at finish().
  explicit JsonWriter(Sink sink) : sink_(std::move(sink)) {}

  void begin_object() { open('{'); }
  void end_object() { close('}'); }
  void begin_array() { open('['); }
  void end_array() { close(']'); }
  void key(std::string_view name);
  // Starts the next key or element on a line of its own.
  void line() { line_ = true; }

  void null() { raw("null"); }
  void value(std::nullopt_t) { null(); }
  void value(std::same_as<bool> auto truth) { raw(truth ? "true" : "false"); }
  template <std::integral T>
  requires(!std::same_as<T, bool>) void value(T number) { integer(number); }
  void value(Int128 number) { integer(number); }
  void value(UInt128 number);
  void value(double number);
  void value(std::string_view text);
  void value(const std::string& text) { value(std::string_view(text)); }
  void value(const char* text) { value(std::string_view(text)); }
  void value(Address address) { hex(address.value); }
  template <class Tag>
  void value(Id<Tag> id) {
    integer(id.value);
  }
  template <class T>
  void value(const std::optional<T>& maybe) {
    maybe ? value(*maybe) : null();
  }
  // "0x7f" for 127.
  void hex(std::uint64_t number);
  // Two digits a byte, in address order.
  void hex(std::span<const std::byte> bytes);
  // JSON that is already written.
  void raw(std::string_view json);

  template <class T>
  void field(std::string_view name, const T& content) {
    key(name);
    value(content);
  }
  // A missing text is null, never "".
  void text_or_null(std::string_view name, std::string_view text) {
    key(name);
    text.empty() ? null() : value(text);
  }
  void lifetime(const Lifetime& life) {
    field("born", life.born);
    field("died", life.died);
  }

  // What was collected; only without a sink.
  const std::string& text() const { return out_; }
  void clear();
  void finish();

 private:
  void open(char bracket);
  void close(char bracket);
  void separate();
  void integer(Int128 number);
  void flush_if_full();

  Sink sink_;
  std::string out_;
  bool first_ = true;       // nothing stands before the next element
  bool after_key_ = false;  // the next value belongs to a key
  bool line_ = false;
};

}  // namespace situ
