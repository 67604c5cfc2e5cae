#include "symbols/rust_source.h"

#include <cctype>
#include <string>

namespace situ {
namespace {

constexpr std::size_t longest_pattern = 200;  // tokens between `let` and a name

bool is_word(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || (c & 0x80) != 0;
}

class Lexer {
 public:
  explicit Lexer(std::string_view text) : text_(text) {}

  std::vector<RustToken> run() {
    while (at_ < text_.size()) next();
    return std::move(tokens_);
  }

 private:
  char here(std::size_t ahead = 0) const { return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0'; }
  void advance(std::size_t count = 1) {
    for (; count > 0 && at_ < text_.size(); --count)
      if (text_[at_++] == '\n') ++line_;
  }

  void next() {
    if (here() == '/' && here(1) == '/') {
      while (at_ < text_.size() && here() != '\n') advance();
    } else if (here() == '/' && here(1) == '*') {
      block_comment();
    } else if (here() == '"') {
      quoted();
    } else if (here() == '\'') {
      character_or_lifetime();
    } else if (is_word(here())) {
      word();
    } else {
      if (std::isspace(static_cast<unsigned char>(here())) == 0)
        tokens_.push_back({text_.substr(at_, 1), line_});
      advance();
    }
  }

  void block_comment() {  // they nest
    int depth = 0;
    do {
      if (here() == '/' && here(1) == '*') {
        ++depth;
        advance(2);
      } else if (here() == '*' && here(1) == '/') {
        --depth;
        advance(2);
      } else {
        advance();
      }
    } while (depth > 0 && at_ < text_.size());
  }

  void quoted() {
    advance();
    while (at_ < text_.size() && here() != '"') advance(here() == '\\' ? 2 : 1);
    advance();
  }

  void raw_quoted(std::size_t hashes) {
    advance(hashes + 1);
    const std::string end = '"' + std::string(hashes, '#');
    while (at_ < text_.size() && text_.compare(at_, end.size(), end) != 0) advance();
    advance(end.size());
  }

  void character_or_lifetime() {
    if (here(1) == '\\') {
      advance(3);
      while (at_ < text_.size() && here() != '\'') advance();
      advance();
    } else if (const std::size_t end = text_.find('\'', at_ + 1);
               end != std::string_view::npos && end - at_ <= 5 && (end - at_ == 2 || (here(1) & 0x80) != 0)) {
      advance(end - at_ + 1);
    } else {
      advance();
      while (is_word(here())) advance();
    }
  }

  void word() {
    const std::size_t start = at_;
    const std::uint32_t line = line_;
    while (is_word(here())) advance();
    const std::string_view text = text_.substr(start, at_ - start);
    if (text == "r" || text == "br" || text == "cr") {
      std::size_t hashes = 0;
      while (here(hashes) == '#') ++hashes;
      if (here(hashes) == '"') return raw_quoted(hashes);
    }
    tokens_.push_back({text, line});
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::uint32_t line_ = 1;
  std::vector<RustToken> tokens_;
};

bool opens(std::string_view token) {
  return token == "(" || token == "[" || token == "{";
}
bool closes(std::string_view token) {
  return token == ")" || token == "]" || token == "}";
}

// The `let` whose pattern holds the token `at`; tokens.size(): none.
std::size_t let_before(const std::vector<RustToken>& tokens, std::size_t at) {
  for (std::size_t i = at, seen = 0; i > 0 && seen < longest_pattern; ++seen) {
    const std::string_view token = tokens[--i].text;
    if (token == "let") {
      const std::string_view before = i > 0 ? tokens[i - 1].text : std::string_view{};
      const bool condition = before == "if" || before == "while" || before == "&";
      return condition ? tokens.size() : i;
    }
    if (token == ";" || token == "}" || token == "=" || token == "|" || token == "for" || token == "fn")
      break;
  }
  return tokens.size();
}

}  // namespace

std::vector<RustToken> rust_tokens(std::string_view text) {
  return Lexer(text).run();
}

std::optional<LetReach> let_reach(const std::vector<RustToken>& tokens, std::uint32_t line,
                                  std::string_view name) {
  for (std::size_t i = 0; i < tokens.size() && tokens[i].line <= line; ++i) {
    if (tokens[i].line != line || tokens[i].text != name) continue;
    const std::size_t let = let_before(tokens, i);
    if (let == tokens.size()) continue;
    LetReach reach;
    int depth = 0;
    for (std::size_t j = let; j < tokens.size(); ++j) {
      if (opens(tokens[j].text)) ++depth;
      if (closes(tokens[j].text)) --depth;
      if (reach.end_of_let == 0 && depth < 0) return std::nullopt;
      if (reach.end_of_let == 0 && depth == 0 && tokens[j].text == ";") reach.end_of_let = tokens[j].line;
      if (depth < 0) {
        reach.closing = tokens[j].line;
        return reach;
      }
    }
    return std::nullopt;
  }
  return std::nullopt;
}

}  // namespace situ
