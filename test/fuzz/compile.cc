// test/fuzz/compile.cc - libFuzzer's target: any bytes through the whole compiler.
//
// What it looks for beside crashes: a layout that is accepted and lowered to a plan that makes
// other mounts than declared, that the verifier refuses, or whose text gives another plan.
#include <cstdlib>
#include <string>

#include "compiler/diag/machine.h"
#include "compiler/diag/text.h"
#include "compiler/front/front.h"
#include "compiler/layout/dump.h"
#include "compiler/lower/lower.h"
#include "compiler/lower/slots.h"
#include "compiler/plan/assemble.h"
#include "compiler/plan/bytes.h"
#include "compiler/plan/disassemble.h"
#include "compiler/plan/encode.h"
#include "compiler/syntax/print.h"
#include "compiler/validate/validate.h"

namespace {

using namespace mountc;

void require(bool holds) {
  if (!holds) std::abort();
}

void round_trip(const Program& program, const std::string& bytes) {
  Sources sources;
  Diagnostics diagnostics;
  const uint32_t file = sources.add("fuzz.asm", disassemble(program));
  const auto assembly = assemble(sources, file, diagnostics);
  require(assembly.has_value());
  std::string excess;
  require(encode(assembly->program, false, excess) == bytes);
}

void compile(Sources& sources, uint32_t file, Diagnostics& diagnostics) {
  const auto layout = understand(sources, file, {}, diagnostics);
  require(layout.has_value() != diagnostics.has_errors());
  if (!layout) return;
  (void)dump(*layout);
  Program program = lower(*layout, sources);
  if (!allocate_slots(program)) return;
  require(!defect_of(program, *layout));
  std::string excess;
  const auto bytes = encode(program, false, excess);
  if (!bytes) return;
  require(!PlanBytes(*bytes).refusal());
  round_trip(program, *bytes);
}

// The canonical form of what the parser takes is its own canonical form.
void print(const Sources& sources, uint32_t file) {
  Diagnostics ignored;
  const auto text = format(sources, file, ignored);
  if (text) require(formatted(*text) == *text);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  Sources sources;
  Diagnostics diagnostics;
  const uint32_t file =
      sources.add("fuzz.mnt", std::string(reinterpret_cast<const char*>(data), size));
  print(sources, file);
  compile(sources, file, diagnostics);
  (void)render_text(diagnostics, sources);
  (void)render_json(diagnostics, sources);
  return 0;
}
