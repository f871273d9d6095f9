#define _GNU_SOURCE
#include "CPlatform.h"

#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

// C, because a signal handler may call async-signal-safe functions only, and Swift does not say which of its own are.

static char *response, *message;
static size_t response_length, message_length;
static atomic_flag output_is_claimed = ATOMIC_FLAG_INIT;

int cplatform_prevent_dump(void) { return prctl(PR_SET_DUMPABLE, 0, 0, 0, 0); }

static void write_all(int file, const char *bytes, size_t length) {
    while (length > 0) {
        ssize_t count = write(file, bytes, length);
        if (count <= 0) return;
        bytes += count;
        length -= (size_t)count;
    }
}

static void end(int number) {
    (void)number;
    write_all(STDERR_FILENO, message, message_length);
    if (!atomic_flag_test_and_set(&output_is_claimed)) {
        // Where input and output are one socket, unread input makes the system discard the response.
        static char discarded[1 << 16];
        for (int round = 0; round < 1024; round++)
            if (recv(STDIN_FILENO, discarded, sizeof discarded, MSG_DONTWAIT) <= 0) break;
        write_all(STDOUT_FILENO, response, response_length);
    }
    _exit(0);
}

static char *copy(const void *bytes, size_t length) {
    char *made = malloc(length + 1);
    if (made) memcpy(made, bytes, length);
    return made;
}

int cplatform_end_at_limit(const void *response_bytes, size_t response_bytes_length, const void *message_bytes,
                           size_t message_bytes_length, unsigned milliseconds) {
    response = copy(response_bytes, response_bytes_length);
    message = copy(message_bytes, message_bytes_length);
    if (!response || !message) return -1;
    response_length = response_bytes_length;
    message_length = message_bytes_length;
    struct sigaction action = {.sa_handler = end};
    sigfillset(&action.sa_mask);
    // A web server may start the program with signals blocked.
    sigset_t limits;
    sigemptyset(&limits);
    sigaddset(&limits, SIGALRM);
    sigaddset(&limits, SIGXCPU);
    struct itimerval timer = {.it_value = {.tv_sec = milliseconds / 1000, .tv_usec = milliseconds % 1000 * 1000}};
    if (sigaction(SIGALRM, &action, NULL) || sigaction(SIGXCPU, &action, NULL)) return -1;
    if (sigprocmask(SIG_UNBLOCK, &limits, NULL)) return -1;
    return setitimer(ITIMER_REAL, &timer, NULL);
}

void cplatform_claim_output(void) {
    if (atomic_flag_test_and_set(&output_is_claimed))
        for (;;) pause();
}
