// test/fuzz/compile.cc - libFuzzer's target: any bytes through the whole compiler.
//
// What it looks for beside crashes: a layout that is accepted and lowered to a plan that the
// verifier refuses, or to text assembly that does not give the same plan again.
#include <cstdlib>
#include <string>

#include "compiler/check/check.h"
#include "compiler/diag/text.h"
#include "compiler/layout/dump.h"
#include "compiler/layout/resolve.h"
#include "compiler/lower/lower.h"
#include "compiler/lower/slots.h"
#include "compiler/plan/assemble.h"
#include "compiler/plan/bytes.h"
#include "compiler/plan/disassemble.h"
#include "compiler/plan/encode.h"
#include "compiler/syntax/dump.h"
#include "compiler/syntax/parse.h"

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

void compile(const Sources& sources, uint32_t file, Diagnostics& diagnostics) {
  const auto tree = parse(sources, file, diagnostics);
  if (!tree) return;
  (void)dump(sources, *tree);
  const auto layout = resolve(*tree, sources, {}, diagnostics);
  if (!layout) return;
  check_all(*layout, diagnostics);
  if (diagnostics.has_errors()) return;
  (void)dump(*layout);
  Program program = lower(*layout, sources);
  if (!allocate_slots(program)) return;
  std::string excess;
  const auto bytes = encode(program, false, excess);
  if (!bytes) return;
  require(!PlanBytes(*bytes).refusal());
  round_trip(program, *bytes);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  Sources sources;
  Diagnostics diagnostics;
  const uint32_t file =
      sources.add("fuzz.mnt", std::string(reinterpret_cast<const char*>(data), size));
  compile(sources, file, diagnostics);
  (void)render_text(diagnostics, sources);
  return 0;
}
