"""Which errnos a system call of a run can plausibly give, and what the run must make of them.

A call belongs to a part of the run: `load` (everything before the first step), a step, or `end`
(after the last one). What is not listed for a step is expected to end in status 4 with a report
that names the step.
"""

# By system call.
ERRNOS = {
    "openat": ["EMFILE", "EACCES"],
    "openat2": ["ENOENT", "ELOOP", "EMFILE"],
    "open_tree": ["EINVAL", "ENOENT", "EPERM", "ENOMEM"],
    "open_tree_attr": ["EINVAL", "ENOENT", "EPERM", "ENOMEM"],
    "move_mount": ["EINVAL", "ENOENT", "ENOSPC"],
    "mount_setattr": ["EINVAL", "EPERM", "EBUSY"],
    "fsopen": ["ENODEV", "EPERM", "ENOMEM"],
    "fsconfig": ["EINVAL", "EBUSY", "ENOMEM"],
    "fsmount": ["EPERM", "EMFILE"],
    "mkdirat": ["EROFS", "EACCES", "ENOSPC"],
    "mknodat": ["EROFS", "EPERM", "ENOSPC"],
    "symlinkat": ["EROFS", "ENOSPC", "EEXIST"],
    "fchownat": ["EPERM", "EROFS"],
    "fchmodat2": ["EPERM", "EROFS", "ENOSYS"],
    "statx": ["EACCES", "ENOMEM"],
    "fstatfs": ["EIO"],
    "statmount": ["EPERM", "ENOSYS"],
    "listmount": ["EPERM", "ENOSYS"],
    "fcntl": ["EMFILE"],
    "close": ["EIO"],
    "close_range": ["EINVAL"],
    "read": ["EIO"],
    "write": ["EINVAL", "EPERM"],
    "mmap": ["ENOMEM"],
    "prlimit64": ["EPERM"],
    "pidfd_open": ["EMFILE"],
    "ioctl": ["ENOTTY"],
    "clone": ["EAGAIN", "ENOMEM"],
    "wait4": ["EINTR"],
    "unshare": ["EPERM", "ENOSPC"],
    "setns": ["EPERM", "ENOMEM"],
    "pivot_root": ["EBUSY", "EPERM"],
    "umount2": ["EPERM"],
    "chdir": ["EACCES"],
    "fchdir": ["EACCES"],
    "chroot": ["EPERM"],
    "execve": ["ENOENT", "EACCES"],
    "rt_sigprocmask": ["EINVAL"],
    "rt_sigpending": ["EINVAL"],
}

# Whose failure no step minds: a run whose signals cannot be held back goes on without.
GOT_OVER = {"close", "close_range", "rt_sigprocmask"}

# They cannot fail, or nothing looks at their result.
NEVER = {"getpid", "exit", "exit_group", "rt_sigreturn", "clock_gettime"}

# Before the first step. The probes of features are told by errnos of their own.
LOAD = {
    "openat": {"EMFILE": 2, "EACCES": 2},
    "openat2": {"ENOENT": 2, "EMFILE": 2},
    "statx": {"EACCES": 0},
    "read": {"EIO": 2},
    "mmap": {"ENOMEM": 2},
    "mprotect": {"EACCES": 0},  # a packed mountrun has another way
    "close": {"EIO": 0},
    "prlimit64": {"EPERM": 0},
    "mount_setattr": {"ENOSYS": 3},
    "move_mount": {"ENOSYS": 3, "EINVAL": 3},
    "open_tree_attr": {"ENOSYS": 3},
    "pidfd_open": {"ENOSYS": 3, "EMFILE": 3},
    "ioctl": {"ENOTTY": 3},
}

# After the last step.
END = {
    "close": {"EIO": 0},
    "close_range": {"EINVAL": 0},
    "rt_sigprocmask": {"EINVAL": 0},
    "rt_sigpending": {"EINVAL": 0},
    "chroot": {"EPERM": 4},
    "chdir": {"EACCES": 4},
    "execve": {"ENOENT": 127, "EACCES": 126},
    "setns": {"EPERM": 4, "ENOMEM": 4},
    "openat": {"EMFILE": 4},
    "pidfd_open": {"EMFILE": 0},
    "ioctl": {"ENOTTY": 0},
}

# Failures that a step gets over, by (instruction, system call); None: whatever the errno.
TOLERATED = {
    # Sharing: statmount, else mountinfo, and where nothing tells a guard does no harm.
    ("if_shared", "statx"): None,
    ("if_shared", "statmount"): None,
    ("if_shared", "openat"): None,
    ("if_shared", "read"): None,
    ("publish_beneath", "statx"): None,
    ("publish_beneath", "statmount"): None,
    ("check_shared", "statx"): None,
    ("check_shared", "statmount"): None,
    # The kernel refuses the join itself if the check could not tell; what is not found inside is
    # tried.
    ("widen", "statx"): None,
    ("widen", "fstatfs"): None,
    ("widen", "openat2"): None,
    # Linux 6.6 has fchmodat2, before it fchmodat does.
    ("make", "fchmodat2"): ["ENOSYS"],
    ("mkdirat", "fchmodat2"): ["ENOSYS"],
    ("mknodat", "fchmodat2"): ["ENOSYS"],
    # /proc/self/ns/mnt serves kernels before 6.11.
    ("namespace", "pidfd_open"): None,
    ("namespace", "ioctl"): None,
    ("namespace", "wait4"): ["EINTR"],
    # Without a procfs of its own, that on /proc serves.
    ("user_namespace", "fsopen"): None,
    ("user_namespace", "fsconfig"): None,
    ("user_namespace", "fsmount"): None,
    ("user_namespace", "wait4"): ["EINTR"],
    ("unstage", "wait4"): ["EINTR"],
}

# In steps that may find something missing, these are answers and no failures.
ANSWERS = {"ENOENT", "ENOTDIR"}


def expected(part, instruction, optional, name):
    """What to try on a call: pairs of an errno and the status that it must lead to."""
    if name in NEVER:
        return []
    if part in ("load", "end"):
        return list((LOAD if part == "load" else END)[name].items())
    tries = []
    for error in ERRNOS[name]:
        if optional and error in ANSWERS:
            continue
        tolerated = TOLERATED.get((instruction, name), [])
        gets_over = name in GOT_OVER or tolerated is None or error in tolerated
        tries.append((error, 0 if gets_over else 4))
    return tries


# What undoing calls, with an errno that must lead to status 5.
UNDO = {"umount2": "EPERM", "unlinkat": "EBUSY", "pivot_root": "EBUSY"}
# What it calls to find out more, with errnos that may lead to 4 or 5.
UNDO_LOOKS = {"openat2": "EMFILE", "statx": "ENOMEM", "openat": "EMFILE", "fchdir": "EACCES",
              "listmount": "EPERM", "statmount": "EPERM", "clone": "EAGAIN",
              "chroot": "EPERM"}
# What it has to ask again: a mount or rename anywhere on the machine makes a scoped lookup of `..`
# give up (fs/namei.c handle_dots()). Must lead to status 4.
UNDO_AGAIN = {"openat2": "EAGAIN"}
