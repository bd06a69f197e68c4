"""Attacks on the sandbox: other processes, mounts, namespaces, devices, the exchange."""

from __future__ import annotations

from tests.attacks.model import NOT_THERE, Attack, reporting

_GROUP = "escaping the sandbox"
_MUST = "The operating system refuses."


def _escape(name: str, tries: str, code: str, **more: object) -> Attack:
    return Attack(name, _GROUP, tries, _MUST, reporting(code), tells=True, **more)


_SYS = "import os\n" + "\n".join(
    f"attempt(lambda: os.close(os.open('{path}', os.O_WRONLY)))"
    for path in (
        "/proc/sys/kernel/core_pattern",
        "/proc/sys/kernel/modprobe",
        "/proc/sys/kernel/panic",
        "/proc/sys/vm/drop_caches",
        "/proc/sys/vm/overcommit_memory",
        "/proc/sys/fs/file-max",
        "/proc/sysrq-trigger",
        "/proc/irq/default_smp_affinity",
    )
)

ESCAPING = [
    _escape(
        "ptrace_of_the_parent",
        "Attaches to its parent and to the first process it sees, as a debugger does.",
        """
import os
for pid in {os.getppid(), 1}:
    attempt(lambda: called("ptrace", 16, pid, None, None))
""",
    ),
    _escape(
        "memory_of_the_parent",
        "Reads and writes the memory of the first process by /proc and process_vm_readv.",
        """
import ctypes, os
attempt(lambda: open("/proc/1/mem", "r+b").close())
attempt(lambda: open("/proc/1/maps").read())
class Piece(ctypes.Structure):
    _fields_ = [("base", ctypes.c_void_p), ("length", ctypes.c_size_t)]
room = ctypes.create_string_buffer(64)
here = Piece(ctypes.cast(room, ctypes.c_void_p), 64)
there = Piece(id(None), 64)
attempt(lambda: called("process_vm_readv", os.getppid(), ctypes.byref(here), 1,
                       ctypes.byref(there), 1, 0))
""",
    ),
    _escape(
        "proc_of_others",
        "Looks into the folders, files and environment of every other process that /proc shows.",
        """
import os
for pid in [p for p in os.listdir("/proc") if p.isdigit() and int(p) != os.getpid()]:
    for what in ("environ", "maps"):
        attempt(lambda: open(f"/proc/{pid}/{what}").read(1))
    for what in ("root", "cwd"):
        attempt(lambda: os.listdir(f"/proc/{pid}/{what}"))
    for number in range(8):
        attempt(lambda: os.readlink(f"/proc/{pid}/fd/{number}"))
        attempt(lambda: os.open(f"/proc/{pid}/fd/{number}", os.O_RDONLY))
for pid in ("@PID@", "@WARM@"):
    attempt(lambda: open(f"/proc/{pid}/cmdline").read(1))
""",
        stock="not run against stock: nothing hides processes there; the kernel is an ordinary one",
    ),
    _escape(
        "signals_to_the_fork_server",
        "Kills the fork server, the grader and the first process of its own namespace.",
        """
import os, signal
for pid in (int("@PID@"), int("@WARM@")):
    attempt(lambda: os.kill(pid, signal.SIGKILL))
os.kill(1, signal.SIGKILL)  # is not delivered from inside, whatever it returns
for number in (signal.SIGTERM, signal.SIGSTOP, signal.SIGHUP, signal.SIGSEGV):
    os.kill(1, number)
print(TRIED)
""",
    ),
    _escape(
        "signal_to_everyone",
        "Sends SIGKILL to every process that it may signal.",
        "import os, signal\nprint(TRIED, flush=True)\nos.kill(-1, signal.SIGKILL)",
    ),
    _escape(
        "limits_of_the_parent",
        "Starves its parent by setting the limits on its open files.",
        """
import os, resource
print(TRIED)
try:
    resource.prlimit(os.getppid(), resource.RLIMIT_NOFILE, (3, 3))
    resource.prlimit(1, resource.RLIMIT_FSIZE, (0, 0))
except OSError as refusal:
    print(refusal)
""",
    ),
    _escape(
        "mounts",
        "Mounts a file system, remounts the system writable and unmounts a part of the sandbox.",
        """
attempt(lambda: called("mount", b"tmpfs", b"/tmp", b"tmpfs", 0, None))
attempt(lambda: called("mount", None, b"/usr", None, 0x20 | 0x1000, None))
attempt(lambda: called("mount", b"/", b"/tmp", None, 0x1000 | 0x4000, None))
for place in (b"/proc", b"/tmp", b"/dev/shm", b"/"):
    attempt(lambda: called("umount2", place, 2))
""",
    ),
    _escape(
        "nested_namespaces",
        "Makes a user namespace of its own, in which it would be root again.",
        """
import os
def unshared(flags):
    said, says = os.pipe()
    if os.fork() == 0:
        try:
            called("unshare", flags)
            os.write(says, b"0")
        except OSError as error:
            os.write(says, str(error.errno).encode())
        os._exit(0)
    os.wait()
    number = int(os.read(said, 10))
    if number:
        raise OSError(number, os.strerror(number))
for flags in (0x10000000, 0x00020000, 0x40000000, 0x10000000 | 0x00020000):
    attempt(lambda: unshared(flags))
""",
    ),
    _escape(
        "other_namespaces",
        "Enters the namespaces of the first process and of its parent.",
        """
import os
for name in ("mnt", "net", "user", "pid"):
    attempt(lambda: called("setns", os.open(f"/proc/1/ns/{name}", os.O_RDONLY), 0))
for flags in (0x00020000, 0x10000000):
    attempt(lambda: called("setns", called("syscall", 434, 1, 0), flags))
""",
    ),
    _escape(
        "inherited_descriptors",
        "Goes out of the sandbox by a folder that an inherited file descriptor still holds open.",
        """
import os, stat
print(TRIED)
for number in map(int, os.listdir("/proc/self/fd")):
    try:
        mode = os.fstat(number).st_mode
        link = os.readlink(f"/proc/self/fd/{number}")
        if stat.S_ISDIR(mode) and not link.startswith("/proc"):
            print(WON, link, os.listdir(number)[:5])
        if stat.S_ISREG(mode) and not link.startswith(("/sandbox", "/tmp", "/memfd")):
            print(WON, link)
    except OSError:
        pass
""",
    ),
    _escape(
        "device_nodes",
        "Opens the machine's memory, disks and consoles, and makes device files of its own.",
        """
import os, stat
for name in ("mem", "kmsg", "sda", "vda", "kvm", "fuse", "console", "tty0", "loop-control"):
    attempt(lambda: os.close(os.open(f"/dev/{name}", os.O_RDWR)))
attempt(lambda: os.mknod("/tmp/memory", 0o666 | stat.S_IFCHR, os.makedev(1, 1)))
attempt(lambda: os.mknod("/dev/shm/disk", 0o666 | stat.S_IFBLK, os.makedev(8, 0)))
""",
    ),
    _escape(
        "sysctl",
        "Opens the kernel's settings for writing: core_pattern would run a program as root.",
        _SYS,
    ),
    _escape(
        "chroot",
        "Leaves by chroot and pivot_root.",
        """
import os
os.makedirs("jail", exist_ok=True)
attempt(lambda: os.chroot("jail"))
attempt(lambda: called("syscall", 155, b"jail", b"jail"))
""",
    ),
    _escape(
        "becoming_root",
        "Becomes another user by setuid, by a map of its own, by su, sudo or a setuid file.",
        """
import os, subprocess
attempt(lambda: os.setuid(0))
attempt(lambda: os.setgroups([0]))
attempt(lambda: os.write(os.open("/proc/self/uid_map", os.O_WRONLY), b"0 0 1"))
for command in (["su", "-c", "id"], ["sudo", "-n", "id"], ["mount", "-t", "tmpfs", "x", "/tmp"]):
    done = subprocess.run(command, capture_output=True, check=False, stdin=subprocess.DEVNULL)
    print(WON if done.returncode == 0 else TRIED, command)
""",
    ),
    _escape(
        "powerful_calls",
        "Makes system calls that only an administrator may: modules, clock, swap, host name.",
        """
attempt(lambda: called("syscall", 175, None, 0, b""))            # init_module
attempt(lambda: called("syscall", 176, b"nothing", 0))          # delete_module
attempt(lambda: called("syscall", 246, 0, 0, None, 0))           # kexec_load
attempt(lambda: called("sethostname", b"mine", 4))
attempt(lambda: called("swapoff", b"/nothing"))
attempt(lambda: called("syscall", 304, -1, b"", 0))              # open_by_handle_at
attempt(lambda: called("syscall", 310, 1, None, 0, None, 0, 0) or called("acct", b"/nothing"))
attempt(lambda: called("iopl", 3))
""",
    ),
    _escape(
        "abstract_socket",
        "Connects to a socket with an abstract name, which lies in no folder.",
        """
import socket
def connected():
    with socket.socket(socket.AF_UNIX) as link:
        link.connect("\\0@ABSTRACT@")
attempt(connected)
""",
    ),
    _escape(
        "exchange_folder",
        "Writes, removes and renames in the folder that the kernel shares with the grader.",
        """
import os
folder = os.path.dirname(get_ipython().config["IPKernelApp"]["connection_file"])
attempt(lambda: open(folder + "/planted", "w"))
attempt(lambda: os.symlink("/etc/passwd", folder + "/kernel.log.new"))
attempt(lambda: open(folder + "/kernel.json", "w"))
attempt(lambda: os.rename(folder, folder + "-moved"))
for name in os.listdir(folder):
    attempt(lambda: os.remove(f"{folder}/{name}"))
""",
        stock=NOT_THERE,
    ),
    _escape(
        "control_socket",
        "Looks for the socket by which the grader commands the fork server.",
        """
import os, socket
print(TRIED)
for number in map(int, os.listdir("/proc/self/fd")):
    try:
        link = socket.socket(fileno=os.dup(number))
        if link.type == socket.SOCK_SEQPACKET:  # as the fork server's is, and no socket of zmq's
            print(WON, number, link.send(b'{"op": "kill", "name": "any"}'))
    except OSError:
        pass
""",
        stock=NOT_THERE,
    ),
    _escape(
        "own_connection_file",
        "Uses the key in its own connection file to shut its kernel down behind the grader's back.",
        """
import json, os, jupyter_client
client = jupyter_client.BlockingKernelClient()
client.load_connection_file(get_ipython().config["IPKernelApp"]["connection_file"])
client.start_channels()
print(TRIED, flush=True)
client.shutdown()
""",
    ),
]
