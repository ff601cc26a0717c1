// compiler/lower/elsewhere.cc - what happens in other mount namespaces: in those whose files a
// layout names, and in new copies of the caller's. A child of the run does it there.
#include "compiler/lower/lowering.h"

namespace mountc {

using plan::Op;
namespace bit = plan::bit;

// Each file is opened once; no_register when none is named.
Register Lowering::file_of(const std::string& in) {
  if (in.empty()) return no_register;
  const auto [file, fresh] = files_.try_emplace(in, no_register);
  if (fresh) file->second = lookup(reg_host, in, bit::tree_READ);
  return file->second;
}

// The steps up to leave() happen in the namespace; in the caller's when there is none.
void Lowering::enter(Register ns) {
  if (ns != no_register) elsewhere_ = out_.def(Op::stage, {ns});
}

void Lowering::leave() {
  if (elsewhere_ != no_register) out_.step(Op::unstage, {elsewhere_});
  elsewhere_ = no_register;
}

// A detached mount of another namespace can be attached, but nothing in it (Linux 6.18,
// fs/namespace.c check_anonymous_mnt()). Once it is attached to a mount of a new filesystem,
// whose tree is of no namespace, a clone of it is like others.
Register Lowering::adopt(Register fd, bool recursive) {
  const Register context = out_.def(Op::fsopen, {out_.text("tmpfs")});
  out_.step(Op::fsconfig_create, {context, 0});
  const Register carrier = out_.def(Op::fsmount, {context, 0});
  out_.step(Op::move_mount, {fd, carrier, out_.text(""), 0});
  const uint32_t flags = bit::tree_CLONE | (recursive ? bit::tree_RECURSIVE : 0);
  const Register clone = out_.def(Op::open_tree, {fd, out_.text(""), flags});
  out_.step(Op::close, {carrier});
  return clone;
}

// What a copy of the caller's namespace gets, which nobody is in yet.
void Lowering::fill_copy(NamespaceId n, const std::vector<MountId>& tops) {
  if (layout_.namespaces[n].root != none) return;
  enter(namespaces_[n]);
  for (MountId m : tops) {
    if (mount(m).ns != n) continue;
    make_target(m);
    publish(m);
  }
  leave();
  set_unbindables(n);
}

}  // namespace mountc
