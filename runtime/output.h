// runtime/output.h - text for people, gathered in a small buffer and given to options->write.
#pragma once

#include "runtime/mountrun.h"
#include "runtime/view.h"

namespace mountc::run {

class Output {
 public:
  explicit Output(const mountrun_options& options) : options_(options) {}
  Output(const Output&) = delete;
  Output& operator=(const Output&) = delete;
  ~Output() { flush(); }

  Output& put(char c);
  Output& text(const char* text);
  Output& decimal(uint64_t value, int width = 0);
  Output& octal(uint32_t value);
  Output& quoted(const char* text);
  void flush();

 private:
  const mountrun_options& options_;
  size_t used_ = 0;
  char buffer_[256];
};

// One instruction as text assembly, without a newline.
void print_step(Output& out, const plan::View& view, const plan::Instruction& in);

// "ENOENT", or the number of an errno that errnos.def does not list; and its text.
void print_errno(Output& out, long error);
const char* errno_text(long error);

}  // namespace mountc::run
