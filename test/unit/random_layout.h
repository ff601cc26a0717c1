// test/unit/random_layout.h - random texts that the parser accepts, with odd words and comments
// wherever a blank may stand.
#pragma once

#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace mountc {

class RandomLayout {
 public:
  explicit RandomLayout(unsigned seed) : random_(seed) {}

  std::string text() {
    out_.clear();
    glued_ = true;
    if (one_in(10)) out_ = "\xef\xbb\xbf";
    for (int left = below(12); left > 0; --left) statement(2);
    blanks(true);
    return out_;
  }

 private:
  // -- chance -----------------------------------------------------------------------------
  int below(int end) { return static_cast<int>(random_() % static_cast<unsigned>(end)); }
  bool one_in(int count) { return below(count) == 0; }

  template <std::size_t count>
  std::string pick(const char* const (&from)[count]) {
    return from[below(count)];
  }

  // -- tokens -----------------------------------------------------------------------------
  // What may stand between two tokens. `may_touch`: also nothing at all.
  void blanks(bool may_touch) {
    static constexpr const char* few[] = {"", " ", "  ", "\n", "\t", "\r\n", "\n\n\n", " \n  "};
    static constexpr const char* comments[] = {
        "#\n",     "# a comment\n", "#; { } \" \\ ${\n", "# \xc3\xbc  \t\r\n",
        "#!x\n\n", "##  #\n"};
    std::string between = pick(few);
    if (one_in(6)) {
      for (int left = 1 + below(3); left > 0; --left) {
        if (between.empty()) between = " ";
        between += pick(comments) + pick(few);
      }
    }
    if (between.empty() && !may_touch) between = " ";
    out_ += between;
  }
  void word(const std::string& text) {
    blanks(glued_);
    out_ += text;
    glued_ = false;
  }
  void mark(char punctuation) {
    blanks(punctuation != '{' || !out_.ends_with('$'));  // `${` would begin a variable
    out_ += punctuation;
    glued_ = true;
  }

  std::string bare() {
    static constexpr const char* odd[] = {"/a",
                                          "/mnt/b#c",
                                          "${v}",
                                          "x${v}y",
                                          "a=b",
                                          "\xc3\xbc\xe2\x82\xac",
                                          "$",
                                          "$x",
                                          "mkdir",
                                          "bind",
                                          "mount",
                                          "on",
                                          "755",
                                          "0",
                                          "tmpfs",
                                          "-",
                                          "a\\b",
                                          "==",
                                          "/a/very/long/path/that/alone/needs/half/a/line"};
    return pick(odd);
  }
  std::string value() {
    static constexpr const char* strings[] = {"\"\"",
                                              "\"a b\"",
                                              "\"#; { } [ ] ( ) , =\"",
                                              "\"\\\"\\\\\\n\\t\\x41\\$\"",
                                              "\"${v}\"",
                                              "\"mount /a tmpfs;\"",
                                              "\"\xc3\xbc\""};
    return one_in(3) ? pick(strings) : bare();
  }
  std::string key() {
    static constexpr const char* keys[] = {"size",     "a#b", "${v}", "\"a=b\"",
                                           "lowerdir", "-",   "$"};
    return pick(keys);
  }
  std::string name() {
    static constexpr const char* names[] = {"g", "slave", "bind", "${v}", "a-b_c", "at"};
    return pick(names);
  }

  // -- grammar ----------------------------------------------------------------------------
  void options() {
    mark('(');
    for (int left = below(4), first = left; left > 0; --left) {
      if (left != first) mark(',');
      word(key());
      glued_ = true;
      if (one_in(3)) continue;
      mark('=');
      one_in(3) ? list() : item();
    }
    mark(')');
  }
  void item() {
    if (!one_in(4)) return word(value());
    word("in");
    mark('(');
    word(name());
    if (one_in(2)) word("at"), word(value());
    mark(')');
  }
  void list(bool layers = true) {
    mark('[');
    for (int left = below(4), first = left; left > 0; --left) {
      if (left != first) mark(',');
      layers ? item() : word(value());
    }
    mark(']');
  }

  void source() {
    static constexpr const char* types[] = {"tmpfs", "overlay", "${v}", "a=b",
                                            "9p",    "g",       "mkdir"};
    static constexpr const char* words[] = {"bind", "rbind", "clone", "rclone"};
    const int kind = below(6);
    if (kind > 3) return typed(pick(types), true);
    word(words[kind]);
    if (kind < 2 && one_in(4)) options();
    word(value());
    if (kind < 2 && one_in(3)) word("in"), word(value());
    if (kind >= 2 && one_in(2)) word("at"), word(value());
  }
  void typed(const std::string& type, bool may_have_at) {
    word(type);
    if (one_in(2)) options();
    if (one_in(4)) word("on"), word(value());
    if (may_have_at && one_in(4)) word("at"), word(value());
  }

  void attribute() {
    static constexpr const char* words[] = {"ro",      "nosuid",    "=x",      "a=b",
                                            "over",    "/x",        "idmap",   "optional",
                                            "private", "propagate", "inherit", "beneath"};
    switch (below(5)) {
      case 0:
        word(one_in(2) ? "shared" : "slave");
        if (one_in(6)) options();
        return word(name());
      case 1:
        word(one_in(2) ? "mkdir" : "touch");
        if (one_in(4)) options();
        if (one_in(2)) word("0755");
        return;
      default:
        word(pick(words));
        if (one_in(6)) options();
    }
  }

  void block(int depth) {
    mark('{');
    for (int left = below(4); left > 0; --left) statement(depth);
    mark('}');
  }

  void statement(int depth) {
    switch (below(10)) {
      case 0: return variable();
      case 1:
        word("group"), word(name());
        if (one_in(2))
          word("slave"), word("of"), word(name());
        else if (one_in(2))
          peers();
        return mark(';');
      case 2: word("filesystem"), word(name()), typed("tmpfs", false); return mark(';');
      case 3: return entry();
      case 4: word(one_in(2) ? "mask" : "pin"), word(value()); return mark(';');
      case 5:
        if (depth == 0 || one_in(3)) return include();
        one_in(2) ? loop() : name_space();
        return block(depth - 1);
      default:
        word("mount"), word(value()), source();
        for (int left = below(5); left > 0; --left) attribute();
        depth > 0 && one_in(3) ? block(depth - 1) : mark(';');
    }
  }
  void peers() {
    word("peers"), word("of"), word(value());
    if (one_in(2)) word("in"), word(value());
  }
  void name_space() {
    static constexpr const char* kinds[] = {"private", "slave", "inherit"};
    word("namespace"), word(name());
    if (one_in(2)) word("copy"), word(pick(kinds));
  }
  void variable() {
    const bool constant = one_in(2);
    word(constant ? "let" : "param");
    word(one_in(3) ? "${v}" : "v");
    if (constant || one_in(2)) mark('='), word(value());
    mark(';');
  }
  void include() {
    word("include"), word(value());
    mark(';');
  }
  void loop() {
    word("for"), word(name()), word("in");
    list(false);
  }

  void entry() {
    static constexpr const char* kinds[] = {"dir", "file", "symlink", "node"};
    const int kind = below(4);
    word(kinds[kind]), word(value());
    if (kind == 2) word("to"), word(value());
    if (kind == 3) word(one_in(2) ? "c" : "b"), word("1:3");
    if (kind != 2 && one_in(2)) word(one_in(2) ? "0755" : "\"0755\"");
    if (one_in(4)) word("owner"), word("0:5");
    mark(';');
  }

  std::mt19937 random_;
  std::string out_;
  bool glued_ = true;  // the next token may touch what is written
};

}  // namespace mountc
