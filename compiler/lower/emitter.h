// compiler/lower/emitter.h - appends steps to a program, each with the place it comes from.
#pragma once

#include <initializer_list>
#include <string_view>

#include "compiler/lower/program.h"
#include "compiler/source/source.h"

namespace mountc {

class Emitter {
 public:
  explicit Emitter(const Sources& sources) : sources_(sources) {}

  // The statement that the steps from now on come from.
  void at(Span statement);

  // A step whose first operand is the slot it fills; `args` are the others, in order.
  Register def(plan::Op op, std::initializer_list<uint32_t> args);
  void step(plan::Op op, std::initializer_list<uint32_t> args);

  // The one mount becomes shared, a slave, private or unbindable.
  void set_propagation(Register fd, uint32_t propagation);
  // A clone of what is at the path, without what is mounted there, that is in no group.
  Register private_clone(Register dir, std::string_view path);

  uint32_t text(std::string_view text) { return program_.strings.add(text); }
  uint32_t attr(uint32_t set, uint32_t clear, uint32_t propagation);
  uint32_t pair(uint32_t first, uint32_t second) {
    return program_.pairs.add({first, second});
  }

  // Goes on with the pools of `program`; it has no steps then.
  void go_on(Program program);
  Program take() { return std::move(program_); }
  Program& program() { return program_; }

 private:
  const Sources& sources_;
  Program program_;
  Span statement_{none_file, 0, 0};
  uint32_t place_ = 0;

  static constexpr uint32_t none_file = UINT32_MAX;
};

}  // namespace mountc
