// compiler/lower/slots.h - gives the registers of a program the few slots of a plan.
#pragma once

#include "compiler/lower/program.h"

namespace mountc {

// Marks each register's last use (the runtime closes it there), except of registers that an
// undo needs, and renames registers so that slots are used again once free.
// false: the plan would need more than plan::slots_max slots at once.
bool allocate_slots(Program& program);

}  // namespace mountc
