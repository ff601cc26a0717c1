// compiler/syntax/ast.h - the syntax tree: faithful to the text, every node with its range.
//
// Nothing is interpreted here: values are ranges of the source, still with their quotes, escapes
// and ${names}; decode them with value.h once the variables are known.
#pragma once

#include <memory>
#include <optional>
#include <utility>
#include <variant>
#include <vector>

#include "compiler/source/source.h"

namespace mountc::ast {

// One word or one string. `quoted`: the span includes the quotes.
struct Value {
  Span span;
  bool quoted = false;
};

// A value that is `in(NAME [at PATH])`; NAME is among the values.
struct Layer {
  uint32_t index = 0;
  std::optional<Value> at;
};

// KEY, KEY=VALUE or KEY=[A, B, C] inside parentheses.
struct Option {
  Value key;
  bool has_value = false;
  bool is_list = false;
  std::vector<Value> values;  // one unless is_list
  std::vector<Layer> layers;
};

struct Options {
  Span span;  // with the parentheses
  std::vector<Option> options;
};

// An optional that takes no room but a pointer while it is empty: most sources and attributes
// have no options, and there are as many of them as mounts.
template <typename T>
class Boxed {
 public:
  Boxed() = default;
  Boxed(T value) : box_(std::make_unique<T>(std::move(value))) {}
  Boxed(const Boxed& other) : box_(other ? std::make_unique<T>(*other) : nullptr) {}
  Boxed(Boxed&&) noexcept = default;
  Boxed& operator=(Boxed other) noexcept {
    box_ = std::move(other.box_);
    return *this;
  }

  explicit operator bool() const { return box_ != nullptr; }
  bool has_value() const { return box_ != nullptr; }
  T& operator*() { return *box_; }
  const T& operator*() const { return *box_; }
  T* operator->() { return box_.get(); }
  const T* operator->() const { return box_.get(); }

 private:
  std::unique_ptr<T> box_;
};

enum class SourceKind : uint8_t { bind, rbind, clone, rclone, filesystem };

// What a mount shows. `head` is the path of a bind, the target of a clone, and otherwise the
// filesystem type or the name of a declared filesystem.
struct Source {
  SourceKind kind = SourceKind::filesystem;
  Span span;
  Value head;
  std::optional<Value> on;  // `on SOURCE`
  std::optional<Value> at;  // `at PATH`
  std::optional<Value> in;  // `in NSFILE`
  Boxed<Options> options;
};

// An attribute word with what follows it: `ro`, `shared GROUP`, `mkdir 755`, `mkdir(parents)`.
struct Attribute {
  Span span;  // the word and its argument
  Value word;
  std::optional<Value> argument;
  Boxed<Options> options;
};

struct Statement;

struct Param {  // param NAME [= VALUE];   let NAME = VALUE;
  bool is_let = false;
  Value name;
  std::optional<Value> value;
};

struct Group {  // group NAME [slave of GROUP | peers of PATH [in NSFILE]];
  Value name;
  std::optional<Value> slave_of;
  std::optional<Value> peers_of;
  std::optional<Value> peers_in;
};

struct Filesystem {  // filesystem NAME TYPE[(...)] [on SOURCE];
  Value name;
  Source source;
};

struct Mount {  // mount TARGET SOURCE ATTRIBUTE... ;  or with a block in place of `;`
  Value target;
  Source source;
  std::vector<Attribute> attributes;
  bool has_block = false;
  std::vector<Statement> block;
};

enum class EntryKind : uint8_t { dir, symlink, node, file };

struct Entry {  // dir PATH [MODE]; symlink PATH to TEXT; node PATH c|b MAJ:MIN [MODE]; file
                // PATH [MODE];
  EntryKind kind = EntryKind::dir;
  Value path;                    // PATH or FILESYSTEM:PATH
  std::optional<Value> text;     // of a symlink
  std::optional<Value> type;     // of a node: c or b
  std::optional<Value> device;   // of a node: MAJ:MIN
  std::optional<Value> mode;
  std::optional<Value> owner;    // UID:GID
};

struct Mask {
  Value path;
};

struct Pin {
  Value path;
};

struct Namespace {  // namespace NAME [copy KIND] { ... }
  Value name;
  std::optional<Value> copy;
  std::vector<Statement> body;
};

struct Include {  // include PATH;
  Value path;
};

struct For {  // for NAME in [A, B, C] { ... }
  Value name;
  Span list;  // with the brackets
  std::vector<Value> values;
  std::vector<Statement> body;
};

struct Statement {
  Span span;  // from the first word through `;` or `}`
  std::variant<Param, Group, Filesystem, Mount, Entry, Mask, Pin, Namespace, Include, For>
      node;
};

struct File {
  std::vector<Statement> statements;
};

}  // namespace mountc::ast
