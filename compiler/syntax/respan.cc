// compiler/syntax/respan.cc - copies of statements for another reading of their text.
//
// Nodes are taken apart by structured bindings: a new member that is forgotten here does not
// compile.
#include "compiler/syntax/respan.h"

#include <type_traits>

namespace mountc {

namespace {

class Respanner {
 public:
  explicit Respanner(uint32_t reading) : reading_(reading) {}

  void statements(std::vector<ast::Statement>& list) {
    for (auto& [span, node] : list) {
      move(span);
      std::visit([this](auto& each) { move(each); }, node);
    }
  }

 private:
  template <typename... Parts>
  void all(Parts&... parts) {
    (move(parts), ...);
  }

  template <typename T>
  requires std::is_arithmetic_v<T> || std::is_enum_v<T>
  void move(T&) {}

  void move(Span& span) { span.file = reading_; }

  template <typename T>
  void move(std::optional<T>& optional) {
    if (optional) move(*optional);
  }
  template <typename T>
  void move(ast::Boxed<T>& box) {
    if (box) move(*box);
  }
  template <typename T>
  void move(std::vector<T>& list) {
    for (T& each : list) move(each);
  }
  void move(std::vector<ast::Statement>& list) { statements(list); }

  void move(ast::Value& node) {
    auto& [span, quoted] = node;
    all(span, quoted);
  }
  void move(ast::Option& node) {
    auto& [key, has_value, is_list, values, layers] = node;
    all(key, has_value, is_list, values, layers);
  }
  void move(ast::Layer& node) {
    auto& [index, at] = node;
    all(index, at);
  }
  void move(ast::Options& node) {
    auto& [span, options] = node;
    all(span, options);
  }
  void move(ast::Source& node) {
    auto& [kind, span, head, on, at, in, options] = node;
    all(kind, span, head, on, at, in, options);
  }
  void move(ast::Attribute& node) {
    auto& [span, word, argument, options] = node;
    all(span, word, argument, options);
  }
  void move(ast::Param& node) {
    auto& [is_let, name, value] = node;
    all(is_let, name, value);
  }
  void move(ast::Group& node) {
    auto& [name, slave_of, peers_of, peers_in] = node;
    all(name, slave_of, peers_of, peers_in);
  }
  void move(ast::Filesystem& node) {
    auto& [name, source] = node;
    all(name, source);
  }
  void move(ast::Mount& node) {
    auto& [target, source, attributes, has_block, block] = node;
    all(target, source, attributes, has_block, block);
  }
  void move(ast::Entry& node) {
    auto& [kind, path, text, type, device, mode, owner] = node;
    all(kind, path, text, type, device, mode, owner);
  }
  void move(ast::Mask& node) {
    auto& [path] = node;
    all(path);
  }
  void move(ast::Pin& node) {
    auto& [path] = node;
    all(path);
  }
  void move(ast::Namespace& node) {
    auto& [name, copy, body] = node;
    all(name, copy, body);
  }
  void move(ast::Include& node) {
    auto& [path] = node;
    all(path);
  }
  void move(ast::For& node) {
    auto& [name, list, values, body] = node;
    all(name, list, values, body);
  }

  uint32_t reading_;
};

}  // namespace

std::vector<ast::Statement> respan(const std::vector<ast::Statement>& statements,
                                   uint32_t reading) {
  std::vector<ast::Statement> copy = statements;
  Respanner(reading).statements(copy);
  return copy;
}

std::size_t count(const std::vector<ast::Statement>& statements) {
  std::size_t sum = statements.size();
  for (const ast::Statement& statement : statements) {
    if (const auto* mount = std::get_if<ast::Mount>(&statement.node))
      sum += count(mount->block);
    if (const auto* ns = std::get_if<ast::Namespace>(&statement.node)) sum += count(ns->body);
    if (const auto* loop = std::get_if<ast::For>(&statement.node)) sum += count(loop->body);
  }
  return sum;
}

}  // namespace mountc
