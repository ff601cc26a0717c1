// runtime/output.h - text for people, gathered by lines and given to options->write.
#pragma once

#include "runtime/mountrun.h"
#include "runtime/syscall.h"
#include "runtime/texts.h"
#include "runtime/view.h"

namespace mountc::run {

class Output {
 public:
  explicit Output(const mountrun_options& options) : options_(options) {}
  Output(const Output&) = delete;
  Output& operator=(const Output&) = delete;

  // The arguments replace the text's signs, in their order.
  template <typename... Args>
  void say(Text text, Args... args) {
    say_words(text, sys::word(args)...);
  }
  void put(char c);  // a line's end hands the line on
  unsigned put_so_far() const { return total_; }

 private:
  // Of three lengths: most calls have one argument or none.
  void say_words(Text text);
  void say_words(Text text, long first);
  void say_words(Text text, long first, long second);
  void say_words(Text text, long first, long second, long third);
  void put(Text text);
  void sign(char letter);  // of texts.def
  void string(const char* text);
  void number(uint64_t value, unsigned base);
  void error(long number);

  const mountrun_options& options_;
  long arguments_[3];
  const long* next_argument_;
  unsigned total_ = 0;
  unsigned used_ = 0;
  char buffer_[256];
};

// The plan's name for a number, or the number as `#12` when it has none.
void print_name(Output& out, const plan::View& view, uint32_t of, uint32_t value);

// One instruction as text assembly, without a newline. Of a stripped plan, operands are values
// without names.
void print_step(Output& out, const plan::View& view, const plan::Instruction& in);

}  // namespace mountc::run
