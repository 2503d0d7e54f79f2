#include "sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <sched.h>
#include <seccomp.h>
#include <signal.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#if defined(__SANITIZE_ADDRESS__)
#	define RELAXED 1
#elif defined(__has_feature)
#	if __has_feature(address_sanitizer)
#		define RELAXED 1
#	endif
#endif
#ifndef RELAXED
#	define RELAXED 0
#endif

bool
sandbox_relaxed(void)
{
	return RELAXED;
}

const char *
sandbox_part_name(unsigned part)
{
	switch (part) {
	case SANDBOX_NO_LANDLOCK:
		return "landlock";
	case SANDBOX_NO_SECCOMP:
		return "seccomp";
	default:
		return "resource limits";
	}
}

/*
 * Newer than Debian 12's linux/landlock.h; the attribute may be longer or
 * shorter than the kernel's as long as what it does not know is zero. ABI 3
 * truncate, 4 TCP, 5 ioctl on devices, 6 abstract sockets and signals.
 */
struct ruleset_attr {
	uint64_t fs, net, scoped;
};
enum {
	FS_ABI_1 = (1 << 13) - 1,
	FS_REFER = 1 << 13,
	FS_TRUNCATE = 1 << 14,
	FS_IOCTL_DEV = 1 << 15,
	NET_TCP = 3,
	SCOPE_ALL = 3,
};

/* All that this kernel can take away, for a ruleset. */
static struct ruleset_attr
ruleset_all(long abi)
{
	struct ruleset_attr a = { .fs = FS_ABI_1 };

	if (abi >= 2)
		a.fs |= FS_REFER;
	if (abi >= 3)
		a.fs |= FS_TRUNCATE;
	if (abi >= 4)
		a.net = NET_TCP;
	if (abi >= 5)
		a.fs |= FS_IOCTL_DEV;
	if (abi >= 6)
		a.scoped = SCOPE_ALL;
	return a;
}

static bool
rule_read_below(int ruleset, const char *path)
{
	struct landlock_path_beneath_attr rule = {
		.allowed_access = LANDLOCK_ACCESS_FS_READ_FILE
	};
	struct stat st;
	bool ok;

	rule.parent_fd = open(path, O_PATH | O_CLOEXEC);
	if (rule.parent_fd < 0)
		return false;
	if (fstat(rule.parent_fd, &st) == 0 && S_ISDIR(st.st_mode))
		rule.allowed_access |= LANDLOCK_ACCESS_FS_READ_DIR;
	ok = syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH,
		 &rule, 0) == 0;
	close(rule.parent_fd);
	return ok;
}

/* path NULL: no file at all. */
static bool
landlock(const char *path)
{
	struct ruleset_attr a;
	long abi;
	int fd;
	bool ok;

	abi = syscall(SYS_landlock_create_ruleset, NULL, 0,
	    LANDLOCK_CREATE_RULESET_VERSION);
	if (abi < 1)
		return false;
	a = ruleset_all(abi);
	/* Older kernels take only the length that they know, or zeros. */
	fd = (int)syscall(SYS_landlock_create_ruleset, &a, sizeof(a), 0);
	if (fd < 0)
		return false;
	ok = (path == NULL || rule_read_below(fd, path)) &&
	     syscall(SYS_landlock_restrict_self, fd, 0) == 0;
	close(fd);
	return ok;
}

/*
 * Memory and time, and what abort() needs. Under the sanitizers more: they
 * map with odd flags, look at themselves, and report to descriptor 2.
 */
static const int common_calls[] = {
	SCMP_SYS(read),
	SCMP_SYS(readv),
	SCMP_SYS(pread64),
	SCMP_SYS(preadv),
	SCMP_SYS(lseek),
	SCMP_SYS(fstat),
	SCMP_SYS(close),
	SCMP_SYS(brk),
	SCMP_SYS(munmap),
	SCMP_SYS(mremap),
	SCMP_SYS(madvise),
	SCMP_SYS(futex),
	SCMP_SYS(clock_gettime),
	SCMP_SYS(gettimeofday),
	SCMP_SYS(getrandom),
	SCMP_SYS(getpid),
	SCMP_SYS(gettid),
	SCMP_SYS(getppid),
	SCMP_SYS(rt_sigaction),
	SCMP_SYS(rt_sigprocmask),
	SCMP_SYS(rt_sigreturn),
	SCMP_SYS(restart_syscall),
	SCMP_SYS(exit),
	SCMP_SYS(exit_group),
	SCMP_SYS(sched_yield),
	SCMP_SYS(fadvise64),
	SCMP_SYS(sysinfo), /* qsort() asks how much memory there is */
#if RELAXED
	SCMP_SYS(mmap),
	SCMP_SYS(mprotect),
	SCMP_SYS(sigaltstack),
	SCMP_SYS(write),
	SCMP_SYS(getrusage),
	SCMP_SYS(prlimit64),
	SCMP_SYS(readlink),
	SCMP_SYS(sched_getaffinity),
#endif
};

/* What opening, listing and forking need on top. */
static const int opener_calls[] = {
	SCMP_SYS(write),
	SCMP_SYS(newfstatat),
	SCMP_SYS(statx),
	SCMP_SYS(getdents64),
	SCMP_SYS(readlink),
	SCMP_SYS(readlinkat),
	SCMP_SYS(fcntl),
	SCMP_SYS(dup),
	SCMP_SYS(dup2),
	SCMP_SYS(dup3),
	SCMP_SYS(poll),
	SCMP_SYS(ppoll),
	SCMP_SYS(wait4),
	SCMP_SYS(set_robust_list),
	SCMP_SYS(rseq),
	SCMP_SYS(close_range),
	/* for the worker's own sandbox */
	SCMP_SYS(seccomp),
	SCMP_SYS(landlock_create_ruleset),
	SCMP_SYS(landlock_restrict_self),
};

/* The argument with that number is exactly v. */
static struct scmp_arg_cmp
arg_is(unsigned number, scmp_datum_t v)
{
	return (struct scmp_arg_cmp){
		.arg = number, .op = SCMP_CMP_EQ, .datum_a = v
	};
}

static int
allow_all(scmp_filter_ctx f, const int *calls, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		int rc = seccomp_rule_add(f, SCMP_ACT_ALLOW, calls[i], 0);

		/* The lists overlap under the sanitizers. */
		if (rc != 0 && rc != -EEXIST)
			return -1;
	}
	return 0;
}

/*
 * What only a process that was taken over would do ends it at once, and is
 * told in coverage. Everything else that is not allowed just fails: libraries
 * look for files and ask for facts on their own, and get along without.
 */
static const int hostile_calls[] = {
	SCMP_SYS(execve),
	SCMP_SYS(execveat),
	SCMP_SYS(ptrace),
	SCMP_SYS(process_vm_readv),
	SCMP_SYS(process_vm_writev),
	SCMP_SYS(socket),
	SCMP_SYS(socketpair),
	SCMP_SYS(connect),
	SCMP_SYS(bind),
	SCMP_SYS(sendto),
	SCMP_SYS(sendmsg),
	SCMP_SYS(kill),
	SCMP_SYS(mount),
	SCMP_SYS(unshare),
	SCMP_SYS(setns),
	SCMP_SYS(bpf),
	SCMP_SYS(perf_event_open),
	SCMP_SYS(userfaultfd),
	SCMP_SYS(io_uring_setup),
	SCMP_SYS(keyctl),
	SCMP_SYS(unlink),
	SCMP_SYS(unlinkat),
	SCMP_SYS(rename),
	SCMP_SYS(renameat2),
};

static int
kill_hostile(scmp_filter_ctx f)
{
	for (size_t i = 0; i < sizeof(hostile_calls) / sizeof(int); i++)
		if (seccomp_rule_add(
			f, SCMP_ACT_KILL_PROCESS, hostile_calls[i], 0) != 0)
			return -1;
	return 0;
}

/* Memory that can never be executed. */
static int
allow_memory(scmp_filter_ctx f)
{
#if RELAXED
	(void)f;
	return 0;
#else
	if (seccomp_rule_add(f, SCMP_ACT_ALLOW, SCMP_SYS(mmap), 1,
		SCMP_A2_64(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0)) != 0)
		return -1;
	return seccomp_rule_add(f, SCMP_ACT_ALLOW, SCMP_SYS(mprotect), 1,
	    SCMP_A2_64(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0));
#endif
}

/*
 * The signal that abort() sends to oneself. What the opener may do binds its
 * workers, too, and they have other pids: only the worker's filter names one.
 */
static int
allow_abort(scmp_filter_ctx f, bool worker)
{
	const struct scmp_arg_cmp abort_only = arg_is(2, SIGABRT);
	const struct scmp_arg_cmp oneself = arg_is(0, (scmp_datum_t)getpid());

	if (worker)
		return seccomp_rule_add(f, SCMP_ACT_ALLOW, SCMP_SYS(tgkill), 2,
		    oneself, abort_only);
	return seccomp_rule_add(
	    f, SCMP_ACT_ALLOW, SCMP_SYS(tgkill), 1, abort_only);
}

static int
allow_opener(scmp_filter_ctx f)
{
	const scmp_datum_t write_flags = O_ACCMODE | O_CREAT | O_TRUNC |
					 O_APPEND | (O_TMPFILE & ~O_DIRECTORY);
	/* fork() only: no threads, no namespaces, no shared memory. */
	const scmp_datum_t fork_flags =
	    CLONE_CHILD_SETTID | CLONE_CHILD_CLEARTID | SIGCHLD;

	if (allow_all(f, opener_calls,
		sizeof(opener_calls) / sizeof(opener_calls[0])) != 0)
		return -1;
	if (seccomp_rule_add(f, SCMP_ACT_ALLOW, SCMP_SYS(openat), 1,
		SCMP_A2_64(SCMP_CMP_MASKED_EQ, write_flags, O_RDONLY)) != 0 ||
	    seccomp_rule_add(f, SCMP_ACT_ALLOW, SCMP_SYS(clone), 1,
		arg_is(0, fork_flags)) != 0 ||
	    /* "Not here" makes fork() fall back to clone. */
	    seccomp_rule_add(f, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0) !=
		0)
		return -1;
	if (seccomp_rule_add(f, SCMP_ACT_ALLOW, SCMP_SYS(prctl), 1,
		arg_is(0, PR_SET_PDEATHSIG)) != 0 ||
	    seccomp_rule_add(f, SCMP_ACT_ALLOW, SCMP_SYS(prctl), 1,
		arg_is(0, PR_SET_NO_NEW_PRIVS)) != 0 ||
	    seccomp_rule_add(f, SCMP_ACT_ALLOW, SCMP_SYS(prctl), 1,
		arg_is(0, PR_SET_SECCOMP)) != 0)
		return -1;
	return RELAXED ? 0
		       : seccomp_rule_add(f, SCMP_ACT_ALLOW,
			     SCMP_SYS(prlimit64), 1, arg_is(0, 0));
}

/* out -1: the opener. */
static bool
seccomp(int out)
{
	scmp_filter_ctx f = seccomp_init(SCMP_ACT_ERRNO(EPERM));
	bool ok = false;

	if (f == NULL)
		return false;
	if (allow_all(f, common_calls,
		sizeof(common_calls) / sizeof(common_calls[0])) != 0 ||
	    allow_memory(f) != 0 || allow_abort(f, out >= 0) != 0)
		goto out;
	if (kill_hostile(f) != 0 || (out < 0 && allow_opener(f) != 0))
		goto out;
	if (out >= 0 && !RELAXED &&
	    seccomp_rule_add(f, SCMP_ACT_ALLOW, SCMP_SYS(write), 1,
		arg_is(0, (scmp_datum_t)out)) != 0)
		goto out;
	/* A tree instead of a list: a worker makes many thousand calls. */
	(void)seccomp_attr_set(f, SCMP_FLTATR_CTL_OPTIMIZE, 2);
	ok = seccomp_load(f) == 0;
out:
	seccomp_release(f);
	return ok;
}

unsigned
sandbox_opener(const char *path, unsigned hooks)
{
	unsigned missing = hooks;
	const struct rlimit none = { 0, 0 };

	(void)prctl(PR_SET_DUMPABLE, 0);
	if (setrlimit(RLIMIT_CORE, &none) != 0 ||
	    setrlimit(RLIMIT_FSIZE, &none) != 0)
		missing |= SANDBOX_NO_RLIMIT;
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
		missing |= SANDBOX_NO_LANDLOCK | SANDBOX_NO_SECCOMP;
	if (!(missing & SANDBOX_NO_LANDLOCK) && !landlock(path))
		missing |= SANDBOX_NO_LANDLOCK;
	if (!(missing & SANDBOX_NO_SECCOMP) && !seccomp(-1))
		missing |= SANDBOX_NO_SECCOMP;
	return missing;
}

unsigned
sandbox_worker(int out, unsigned hooks)
{
	const struct rlimit none = { 0, 0 };
	unsigned missing = hooks;

	/* Landlock's own descriptor is the last one. */
	if (!(missing & SANDBOX_NO_LANDLOCK) && !landlock(NULL))
		missing |= SANDBOX_NO_LANDLOCK;
	if (setrlimit(RLIMIT_NOFILE, &none) != 0)
		missing |= SANDBOX_NO_RLIMIT;
	if (!(missing & SANDBOX_NO_SECCOMP) && !seccomp(out))
		missing |= SANDBOX_NO_SECCOMP;
	return missing;
}

/* The first number of statm: pages of address space. */
static bool
read_pages(int statm, uint64_t *out)
{
	char text[128];
	ssize_t n = pread(statm, text, sizeof(text), 0);
	uint64_t pages = 0;

	if (n <= 0)
		return false;
	for (ssize_t i = 0; i < n && text[i] >= '0' && text[i] <= '9'; i++)
		pages = pages * 10 + (uint64_t)(text[i] - '0');
	*out = pages;
	return pages > 0;
}

unsigned
sandbox_limits(int statm, const struct sandbox_limits *l)
{
	struct rlimit as;
	/* The soft one ends it with a signal of its own, the hard one kills. */
	const struct rlimit cpu = { l->cpu_s, l->cpu_s + 2 };
	uint64_t pages;
	bool ok;

	ok = setrlimit(RLIMIT_CPU, &cpu) == 0;
	if (!RELAXED && statm >= 0) {
		ok = ok && read_pages(statm, &pages);
		as.rlim_cur = as.rlim_max =
		    ok ? pages * (uint64_t)sysconf(_SC_PAGESIZE) + l->memory
		       : 0;
		ok = ok && setrlimit(RLIMIT_AS, &as) == 0;
	}
	return ok ? 0 : SANDBOX_NO_RLIMIT;
}
