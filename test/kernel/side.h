// test/kernel/side.h - one of the two that run a sequence: the model, or Linux.
#pragma once

#include <functional>
#include <memory>

#include "test/kernel/operation.h"
#include "test/kernel/snapshot.h"

namespace mountc::differential {

class Side {
 public:
  virtual ~Side() = default;
  // 0 or the errno. In a namespace that there is not, nothing is done.
  virtual int run(const Operation& operation) = 0;
  virtual std::vector<Namespace> look() = 0;
  virtual void make_directory(
      const std::string& name) = 0;  // in the root of the first namespace
  virtual void hint(Hints&) {}
  // What mountinfo says of each namespace; empty: it is the model's.
  virtual std::vector<std::string> record() { return {}; }
};

// In a namespace of its own whose root is an empty tmpfs with the directories a, b, c and the
// file f. The process cannot be used for anything else afterwards.
std::unique_ptr<Side> real_side();
// The model is that of the kernel which runs, or of the release `model_of` says.
std::unique_ptr<Side> model_side();

// The model, with what mountinfo says of each namespace to begin with. Of the operations it knows
// those of after_import().
std::unique_ptr<Side> imported_side(const std::vector<std::string>& mountinfo);
// Mounts and unmounts at places of a sequence that has been run on both: do they do the same to
// the kernel's mounts as to what is imported of them? Empty: they do.
std::string after_import(Side& model, Side& real);

// Major * 100 + minor; 0: the kernel that runs.
void model_of(int release);

// Runs `work` in a process of its own, whose namespaces go away with it; what it returned.
std::string apart(const std::function<std::string()>& work);

// What each new filesystem of a sequence holds.
inline constexpr const char* directories[] = {"a", "b", "c", "a/b", "b/a"};

}  // namespace mountc::differential
