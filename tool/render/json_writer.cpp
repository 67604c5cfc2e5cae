#include "render/json_writer.h"

#include <array>
#include <charconv>
#include <cmath>

#include "render/json_utf8.h"

namespace situ {
namespace {

constexpr std::size_t piece = 64 * 1024;
constexpr Int128 exact = Int128{1} << 53;  // what every reader's double holds exactly
constexpr std::string_view digits = "0123456789abcdef";

std::string decimal(UInt128 number) {
  std::array<char, 40> out{};
  std::size_t at = out.size();
  do {
    out[--at] = static_cast<char>('0' + static_cast<int>(number % 10));
    number /= 10;
  } while (number != 0);
  return std::string(out.data() + at, out.size() - at);
}

std::string decimal(Int128 number) {
  // Negated as unsigned: the smallest number has no positive twin.
  return number < 0 ? "-" + decimal(UInt128{0} - static_cast<UInt128>(number))
                    : decimal(static_cast<UInt128>(number));
}

void append_escaped(std::string& out, unsigned char control) {
  switch (control) {
    case '"':
      out += "\\\"";
      return;
    case '\\':
      out += "\\\\";
      return;
    case '\n':
      out += "\\n";
      return;
    case '\t':
      out += "\\t";
      return;
    case '\r':
      out += "\\r";
      return;
    default:
      out += "\\u00";
      out += digits[control >> 4];
      out += digits[control & 15];
  }
}

}  // namespace

void JsonWriter::separate() {
  if (after_key_) {
    after_key_ = false;
    return;
  }
  if (!first_) out_ += ',';
  if (line_) out_ += '\n';
  first_ = line_ = false;
}

void JsonWriter::open(char bracket) {
  separate();
  out_ += bracket;
  first_ = true;
}

void JsonWriter::close(char bracket) {
  if (line_) out_ += '\n';
  line_ = false;
  out_ += bracket;
  first_ = false;
  flush_if_full();
}

void JsonWriter::key(std::string_view name) {
  separate();
  out_ += '"';
  out_ += name;
  out_ += "\":";
  after_key_ = true;
}

void JsonWriter::raw(std::string_view json) {
  separate();
  out_ += json;
  flush_if_full();
}

void JsonWriter::integer(Int128 number) {
  if (number > exact || number < -exact) return value(decimal(number));
  std::array<char, 24> out{};
  const auto end = std::to_chars(out.data(), out.data() + out.size(), static_cast<std::int64_t>(number)).ptr;
  raw({out.data(), static_cast<std::size_t>(end - out.data())});
}

void JsonWriter::value(UInt128 number) {
  if (number > UInt128{exact}) return value(decimal(number));
  integer(static_cast<Int128>(number));
}

void JsonWriter::value(double number) {
  if (std::isnan(number)) return value(std::signbit(number) ? "-nan" : "nan");
  if (std::isinf(number)) return value(number < 0 ? "-inf" : "inf");
  std::array<char, 40> out{};
  const auto end = std::to_chars(out.data(), out.data() + out.size(), number).ptr;
  raw({out.data(), static_cast<std::size_t>(end - out.data())});
}

void JsonWriter::value(std::string_view text) {
  separate();
  out_ += '"';
  while (!text.empty()) {
    std::size_t plain = 0;
    while (plain < text.size()) {
      const auto c = static_cast<unsigned char>(text[plain]);
      if (c < 0x20 || c == '"' || c == '\\' || c >= 0x7f) break;
      ++plain;
    }
    out_ += text.substr(0, plain);
    text.remove_prefix(plain);
    if (text.empty()) break;
    const auto c = static_cast<unsigned char>(text.front());
    if (c < 0x80) {
      append_escaped(out_, c);
      text.remove_prefix(1);
      continue;
    }
    const Utf8Run run = utf8_run(text);
    out_ += run.valid ? text.substr(0, run.size) : replacement_character;
    text.remove_prefix(run.size);
  }
  out_ += '"';
  flush_if_full();
}

void JsonWriter::hex(std::uint64_t number) {
  std::array<char, 18> out = {'0', 'x'};
  const auto end = std::to_chars(out.data() + 2, out.data() + out.size(), number, 16).ptr;
  separate();
  out_ += '"';
  out_.append(out.data(), end);
  out_ += '"';
}

void JsonWriter::hex(std::span<const std::byte> bytes) {
  separate();
  out_ += '"';
  for (const std::byte b : bytes) {
    out_ += digits[std::to_integer<std::size_t>(b >> 4)];
    out_ += digits[std::to_integer<std::size_t>(b & std::byte{15})];
  }
  out_ += '"';
  flush_if_full();
}

void JsonWriter::clear() {
  out_.clear();
  first_ = true;
  after_key_ = line_ = false;
}

void JsonWriter::flush_if_full() {
  if (sink_ && out_.size() >= piece) finish();
}

void JsonWriter::finish() {
  if (!sink_ || out_.empty()) return;
  sink_(out_);
  out_.clear();
}

}  // namespace situ
