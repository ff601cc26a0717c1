// compiler/lower/emitter.cc - appends steps to a program.
#include "compiler/lower/emitter.h"

#include <algorithm>
#include <string>

#include "compiler/layout/paths.h"

namespace mountc {
namespace {

constexpr size_t statement_bytes_max = 200;  // what a report on the machine shows

// The statement's first line, without the block that may follow.
std::string_view headline(std::string_view statement) {
  statement = statement.substr(0, statement.find('\n')).substr(0, statement_bytes_max);
  const size_t end = statement.find_last_not_of(" \t\r;{");
  return statement.substr(0, end == std::string_view::npos ? 0 : end + 1);
}

// Where a layout was compiled is nobody's business: the name without the directory of the
// layout, and without any directory where a file lies outside of that.
std::string_view file_name(const Sources& sources, uint32_t reading) {
  const std::string_view layout = sources.file(0).name;
  const std::string_view directory = layout.substr(0, layout.rfind('/') + 1);
  const std::string_view name = sources.file(reading).name;
  if (name.starts_with(directory)) {
    const std::string_view inner = name.substr(directory.size());
    if (!inner.starts_with('/') && !has_dotdot(inner)) return inner;
  }
  return name.substr(name.rfind('/') + 1);
}

// What the variables of the loops around are, the outermost first: which iteration it was.
std::string values_of_loops(const Sources& sources, uint32_t reading) {
  std::string text;
  while (const Origin* const origin = sources.origin(reading)) {
    if (!origin->is_include)
      text.insert(0, " (" + origin->note.substr(0, statement_bytes_max) + ")");
    reading = origin->place.file;
  }
  return text;
}

}  // namespace

void Emitter::at(Span statement) {
  if (statement.file == statement_.file && statement.begin == statement_.begin) return;
  statement_ = statement;
  const Position position = sources_.position(statement.file, statement.begin);
  Place place;
  place.file = program_.strings.add(file_name(sources_, statement.file));
  place.line = position.line;
  place.column = position.column;
  place.statement = program_.strings.add(std::string(headline(sources_.text(statement))) +
                                         values_of_loops(sources_, statement.file));
  place_ = static_cast<uint32_t>(program_.places.size());
  program_.places.push_back(place);
}

void Emitter::go_on(Program program) {
  program_ = std::move(program);
  program_.steps.clear();
  program_.registers = 0;
}

Register Emitter::def(plan::Op op, std::initializer_list<uint32_t> args) {
  const Register fresh = program_.registers++;
  Step step{op, {fresh}, place_};
  std::ranges::copy(args, step.args + 1);
  program_.steps.push_back(step);
  return fresh;
}

void Emitter::step(plan::Op op, std::initializer_list<uint32_t> args) {
  Step step{op, {}, place_};
  std::ranges::copy(args, step.args);
  program_.steps.push_back(step);
}

void Emitter::set_propagation(Register fd, uint32_t propagation) {
  step(plan::Op::mount_setattr, {fd, attr(0, 0, propagation), 0});
}

Register Emitter::private_clone(Register dir, std::string_view path) {
  const uint32_t in_no_group = attr(0, 0, plan::bit::propagation_PRIVATE);
  return def(plan::Op::open_tree_attr, {dir, in_no_group, text(path), plan::bit::tree_CLONE});
}

uint32_t Emitter::attr(uint32_t set, uint32_t clear, uint32_t propagation) {
  return program_.attrs.add({set, clear, propagation, 0});
}

}  // namespace mountc
