/* What a sandboxed process can still do, and what not: each in a child. */
#include "sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"

enum { DONE = 0, REFUSED = 10 };

static char inside[64], outside[64], file[128], other[128];
static int out[2]; /* the worker's pipe */

static int
can_open(const char *path, int flags)
{
	int fd = open(path, flags | O_CLOEXEC, 0600);

	return fd >= 0 ? DONE : REFUSED;
}

static int
read_inside(void)
{
	return can_open(file, O_RDONLY);
}

static int
list_inside(void)
{
	return can_open(inside, O_RDONLY | O_DIRECTORY);
}

static int
read_outside(void)
{
	return can_open(other, O_RDONLY);
}

static int
read_system(void)
{
	return can_open("/etc/passwd", O_RDONLY);
}

static int
write_inside(void)
{
	return can_open(file, O_WRONLY);
}

static int
make_inside(void)
{
	char path[160];

	(void)snprintf(path, sizeof(path), "%s/new", inside);
	return can_open(path, O_WRONLY | O_CREAT);
}

static int
make_unnamed(void)
{
	return can_open(inside, O_RDWR | O_TMPFILE);
}

static int
take_away(void)
{
	return unlink(file) == 0 ? DONE : REFUSED;
}

static int
network(void)
{
	return socket(AF_INET, SOCK_STREAM, 0) >= 0 ? DONE : REFUSED;
}

static int
local_socket(void)
{
	int s[2];

	return socketpair(AF_UNIX, SOCK_STREAM, 0, s) == 0 ? DONE : REFUSED;
}

static int
execute(void)
{
	char *const argv[] = { (char[]){ "true" }, NULL };

	(void)execv("/bin/true", argv);
	return REFUSED;
}

static int
trace(void)
{
	return ptrace(PTRACE_ATTACH, getppid(), NULL, NULL) == 0 ? DONE
								 : REFUSED;
}

static int
signal_parent(void)
{
	return kill(getppid(), SIGCONT) == 0 ? DONE : REFUSED;
}

static int
fork_child(void)
{
	pid_t pid = fork();

	if (pid == 0)
		_exit(0);
	if (pid > 0)
		(void)waitpid(pid, NULL, 0);
	return pid > 0 ? DONE : REFUSED;
}

static int
make_code(void)
{
	void *p = mmap(NULL, 4096, PROT_READ | PROT_EXEC,
	    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	return p != MAP_FAILED ? DONE : REFUSED;
}

static int
use_memory(void)
{
	char *p = malloc((size_t)8 << 20);

	if (p == NULL)
		return REFUSED;
	memset(p, 1, (size_t)8 << 20);
	p = realloc(p, (size_t)16 << 20);
	free(p);
	return DONE;
}

static int
write_pipe(void)
{
	return write(out[1], "x", 1) == 1 ? DONE : REFUSED;
}

static int
write_other(void)
{
	return write(STDOUT_FILENO, "", 0) == 0 ? DONE : REFUSED;
}

static int
be_dumped(void)
{
	struct rlimit core;

	return getrlimit(RLIMIT_CORE, &core) == 0 && core.rlim_max != 0
		   ? DONE
		   : REFUSED;
}

/* True when act is done by a child that has entered the sandbox. */
static bool
child_can(int (*act)(void), bool worker)
{
	pid_t pid = fork();
	int status;

	CHECK(pid >= 0);
	if (pid == 0) {
		if (sandbox_opener(inside, 0) != 0)
			_exit(99);
		if (worker && sandbox_worker(out[1], 0) != 0)
			_exit(99);
		_exit(act());
	}
	CHECK(waitpid(pid, &status, 0) == pid);
	/* A call that is not on the list kills; others are refused. */
	if (WIFSIGNALED(status)) {
		CHECK(WTERMSIG(status) == SIGSYS);
		return false;
	}
	CHECK(WIFEXITED(status) && WEXITSTATUS(status) != 99);
	CHECK(WEXITSTATUS(status) == DONE || WEXITSTATUS(status) == REFUSED);
	return WEXITSTATUS(status) == DONE;
}

static const struct {
	const char *what;
	int (*act)(void);
	bool opener, worker;
	bool strict_only; /* the sanitizers need it */
} rights[] = {
	{"read below the path",	 read_inside,   true,  false, false},
	{ "list the path",	   list_inside,	true,  false, false},
	{ "read beside the path",	  read_outside,	false, false, false},
	{ "read the system's files", read_system,	  false, false, false},
	{ "write below the path",	  write_inside,	false, false, false},
	{ "make a file",		 make_inside,   false, false, false},
	{ "make an unnamed file",	  make_unnamed,	false, false, false},
	{ "remove a file",	   take_away,     false, false, false},
	{ "open a network socket",   network,	    false, false, false},
	{ "open a local socket",	 local_socket,  false, false, false},
	{ "execute",		     execute,	      false, false, false},
	{ "trace",		   trace,	  false, false, false},
	{ "signal another process",  signal_parent, false, false, false},
	{ "fork",		    fork_child,    true,  false, false},
	{ "map code",		      make_code,	 false, false, true },
	{ "use memory",		use_memory,    true,  true,	false},
	{ "write to its pipe",       write_pipe,	   true,	 true,  false},
	{ "write elsewhere",	     write_other,	  true,	false, true },
	{ "dump core",	       be_dumped,	  false, false, true },
};

static void
write_file(const char *path)
{
	FILE *f = fopen(path, "we");

	CHECK(f != NULL && fputs("x", f) >= 0 && fclose(f) == 0);
}

/* Without landlock and seccomp it says what is missing, and still works. */
static void
test_missing(void)
{
	const unsigned both = SANDBOX_NO_LANDLOCK | SANDBOX_NO_SECCOMP;
	pid_t pid = fork();
	int status;

	if (pid == 0)
		_exit(sandbox_opener(inside, both) == both &&
			      read_outside() == DONE &&
			      sandbox_worker(out[1], both) == both
			  ? 0
			  : 1);
	CHECK(waitpid(pid, &status, 0) == pid && status == 0);
}

/* Too much memory fails, too much CPU time ends with a signal of its own. */
static void
test_limits(void)
{
	const struct sandbox_limits l = { .memory = (uint64_t)64 << 20,
		.cpu_s = 1 };
	int statm = open("/proc/self/statm", O_RDONLY | O_CLOEXEC), status;
	volatile uint64_t turns = 0;
	pid_t pid = fork();

	if (pid == 0) {
		if (sandbox_limits(statm, &l) != 0)
			_exit(99);
		if (!sandbox_relaxed() && malloc((size_t)256 << 20) != NULL)
			_exit(1);
		for (;;)
			turns++;
	}
	CHECK(waitpid(pid, &status, 0) == pid);
	CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGXCPU);
	close(statm);
}

/* The parts that this machine lacks. */
static unsigned
missing_here(void)
{
	pid_t pid = fork();
	int status;

	if (pid == 0)
		_exit((int)sandbox_opener(inside, 0));
	CHECK(waitpid(pid, &status, 0) == pid && WIFEXITED(status));
	return (unsigned)WEXITSTATUS(status);
}

int
main(void)
{
	strcpy(inside, "/tmp/telassay-sandbox-XXXXXX");
	strcpy(outside, "/tmp/telassay-sandbox-XXXXXX");
	CHECK(mkdtemp(inside) != NULL && mkdtemp(outside) != NULL);
	(void)snprintf(file, sizeof(file), "%s/file", inside);
	(void)snprintf(other, sizeof(other), "%s/file", outside);
	write_file(file);
	write_file(other);
	CHECK(pipe(out) == 0);
	if (missing_here() != 0) {
		printf("skipped: this system has no landlock or no seccomp\n");
		return TEST_SKIP;
	}
	for (size_t i = 0; i < sizeof(rights) / sizeof(rights[0]); i++) {
		if (rights[i].strict_only && sandbox_relaxed())
			continue;
		if (child_can(rights[i].act, false) != rights[i].opener ||
		    child_can(rights[i].act, true) != rights[i].worker) {
			fprintf(stderr, "wrong: %s\n", rights[i].what);
			return 1;
		}
	}
	test_missing();
	test_limits();
	(void)unlink(file);
	(void)unlink(other);
	(void)rmdir(inside);
	(void)rmdir(outside);
	return 0;
}
