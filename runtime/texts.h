// runtime/texts.h - the number of every text that the runtime says; Output::say prints it.
// Texts are kept packed (pack.h), in the order of these numbers.
#pragma once

#include "runtime/ops.h"

namespace mountc {

enum class Text : uint16_t {
  none,
#define TEXT(name, text) name,
#include "runtime/texts.def"
#define ERRNO(number, name, text) errno_##name,
#include "runtime/errnos.def"
#define FEATURE(bit, name, since, what) feature_##name,
#include "runtime/features.def"
#define REASON(id, name, op, errno, text) reason_##name,
#include "runtime/reasons.def"
  first_instruction,  // its name, then its operands' names, then the next instruction's
  first_bit = first_instruction + plan::op_names_count,
  count = first_bit + plan::bits_count,
};

constexpr Text operator+(Text text, int places) {
  return Text(static_cast<int>(text) + places);
}

// The errnos begin here.
inline constexpr Text first_errno = Text::errno_EPERM;
inline constexpr Text first_feature = Text::feature_mount_setattr;
inline constexpr Text first_reason = Text::reason_superblocks_differ;

}  // namespace mountc
