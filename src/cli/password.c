#include "password.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <termios.h>
#include <unistd.h>

#include "hash.h"
#include "str.h"

bool
password_option(
    struct password *p, const struct cmd_option *o, const char *value)
{
	if (strcmp(o->name, "password-file") == 0)
		p->file = value;
	else if (strcmp(o->name, "password-fd") == 0)
		p->fd = value;
	else if (strcmp(o->name, "key-file") == 0)
		p->key_file = value;
	else
		return false;
	return true;
}

void
password_wipe(struct password *p)
{
	explicit_bzero(p->text, sizeof(p->text));
	explicit_bzero(p->key, sizeof(p->key));
	p->len = 0;
	p->has_text = p->has_key = false;
}

/* What one line is read into; room for one byte too many and a "\r\n". */
struct line {
	char bytes[LIMIT_PASSWORD + 3];
	size_t len;
};

/* False (and errno) when fd cannot be read; stops when l is full. */
static bool
read_until_end(int fd, struct line *l)
{
	ssize_t n;

	while (l->len < sizeof(l->bytes)) {
		/*
		 * A line is enough when whoever writes has no more for us
		 * now: a terminal, or a pipe that is kept open.
		 */
		if (l->len > 0 && l->bytes[l->len - 1] == '\n' &&
		    poll(&(struct pollfd){ .fd = fd, .events = POLLIN }, 1,
			0) == 0)
			return true;
		n = read(fd, l->bytes + l->len, sizeof(l->bytes) - l->len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return n == 0;
		l->len += (size_t)n;
	}
	return true;
}

/* What is wrong with the line, or NULL; its end is cut off. */
static const char *
line_fault(struct line *l)
{
	if (l->len > 0 && l->bytes[l->len - 1] == '\n') {
		l->len--;
		if (l->len > 0 && l->bytes[l->len - 1] == '\r')
			l->len--;
	}
	if (memchr(l->bytes, '\n', l->len) != NULL)
		return "holds more than one line";
	if (l->len == 0)
		return "is empty";
	if (l->len > LIMIT_PASSWORD)
		return "holds a longer line than any password";
	return NULL;
}

/* Reads the one line of fd; what names it in messages. */
static bool
read_line(const struct cmd *c, const char *what, int fd, struct line *l)
{
	const char *fault;

	l->len = 0;
	if (fd < 0 || !read_until_end(fd, l)) {
		cmd_error(c, "%s cannot be read: %s", what, strerror(errno));
		return false;
	}
	fault = line_fault(l);
	if (fault == NULL)
		return true;
	cmd_error(c, "%s %s: it must hold exactly one line", what, fault);
	return false;
}

static bool
take_text(struct password *p, const struct line *l)
{
	memcpy(p->text, l->bytes, l->len);
	p->len = l->len;
	return p->has_text = true;
}

static bool
take_key(struct password *p, const struct cmd *c, const struct line *l)
{
	p->has_key = hex_decode(
	    (struct str){ .p = l->bytes, .n = l->len }, sizeof(p->key), p->key);
	if (!p->has_key)
		cmd_error(c,
		    "%s does not hold a key: 64 hexadecimal digits are needed",
		    p->key_file);
	return p->has_key;
}

static bool
parse_fd(const char *s, int *out)
{
	char *end;
	long v;

	errno = 0;
	v = strtol(s, &end, 10);
	if (errno != 0 || s[0] < '0' || s[0] > '9' || *end != '\0' ||
	    v > 1 << 20)
		return false;
	*out = (int)v;
	return true;
}

static bool
read_given(struct password *p, const struct cmd *c, struct line *l)
{
	const char *path = p->file != NULL ? p->file : p->key_file;
	char what[64];
	bool ok;
	int fd;

	if (p->fd != NULL) {
		if (!parse_fd(p->fd, &fd)) {
			cmd_error(
			    c, "--password-fd: %s is no descriptor", p->fd);
			return false;
		}
		(void)snprintf(what, sizeof(what), "descriptor %d", fd);
		return read_line(c, what, fd, l) && take_text(p, l);
	}
	fd = open(path, O_RDONLY | O_CLOEXEC);
	ok = read_line(c, path, fd, l) &&
	     (p->file != NULL ? take_text(p, l) : take_key(p, c, l));
	if (fd >= 0)
		close(fd);
	return ok;
}

bool
password_read(struct password *p, const struct cmd *c)
{
	int given = (p->file != NULL) + (p->fd != NULL) + (p->key_file != NULL);
	struct line l;
	bool ok;

	if (given == 0)
		return true;
	if (given > 1) {
		cmd_error(c,
		    "--password-file, --password-fd and --key-file exclude one "
		    "another: give one");
		return false;
	}
	ok = read_given(p, c, &l);
	explicit_bzero(&l, sizeof(l));
	return ok;
}

/*
 * A line from the terminal. Signals that would end the program are held back
 * while the echo is off, and delivered once it is on again: pending in sigs,
 * they only wake poll.
 */
static bool
read_terminal(struct line *l, int sigs)
{
	struct pollfd fds[2] = {
		{.fd = STDIN_FILENO, .events = POLLIN},
		{ .fd = sigs,	      .events = POLLIN},
	};
	ssize_t n;

	l->len = 0;
	while (l->len < sizeof(l->bytes)) {
		if (poll(fds, 2, -1) < 0) {
			if (errno == EINTR)
				continue;
			return false;
		}
		if (fds[1].revents != 0)
			return false;
		n = read(
		    STDIN_FILENO, l->bytes + l->len, sizeof(l->bytes) - l->len);
		if (n <= 0)
			return false;
		l->len += (size_t)n;
		if (l->bytes[l->len - 1] == '\n')
			return true;
	}
	return true;
}

bool
password_ask(struct password *p, const char *path)
{
	struct termios normal, silent;
	sigset_t hold, before;
	struct line l;
	bool ok;
	int sigs;

	if (!isatty(STDIN_FILENO) || tcgetattr(STDIN_FILENO, &normal) != 0)
		return false;
	sigemptyset(&hold);
	sigaddset(&hold, SIGINT);
	sigaddset(&hold, SIGTERM);
	sigaddset(&hold, SIGHUP);
	sigaddset(&hold, SIGQUIT);
	sigprocmask(SIG_BLOCK, &hold, &before);
	sigs = signalfd(-1, &hold, SFD_CLOEXEC);
	silent = normal;
	silent.c_lflag &= ~(tcflag_t)ECHO;
	silent.c_lflag |= ECHONL;
	ok = tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent) == 0;
	if (ok) {
		fprintf(stderr, "backup password of %s: ", path);
		fflush(stderr);
		ok = read_terminal(&l, sigs) && line_fault(&l) == NULL &&
		     take_text(p, &l);
	}
	(void)tcsetattr(STDIN_FILENO, TCSAFLUSH, &normal);
	explicit_bzero(&l, sizeof(l));
	if (sigs >= 0)
		close(sigs);
	sigprocmask(SIG_SETMASK, &before, NULL);
	return ok;
}
