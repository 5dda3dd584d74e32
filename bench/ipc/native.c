// The limit that bench/ipc compares the pool with: hands frames to PHP workers over pipes and does nothing else.
// usage: native WORKERS SECONDS COMMAND...   prints: exchanges per second, microseconds of own CPU per exchange
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { LIMIT = 256, SIZE = 1 << 16 };

struct worker {
  int in, out;
  size_t have;
  unsigned char buffer[SIZE];
};

static struct worker workers[LIMIT];
static unsigned char request[SIZE], hello[64];
static size_t request_size, hello_size;

static void fail(const char *what) {
  perror(what);
  exit(1);
}

static uint32_t crc32(const unsigned char *bytes, size_t count) {
  uint32_t crc = ~0u;
  while (count--) {
    crc ^= *bytes++;
    for (int bit = 0; bit < 8; bit++) crc = crc >> 1 ^ (crc & 1 ? 0xEDB88320u : 0);
  }
  return ~crc;
}

static void put(unsigned char *to, uint32_t value) { memcpy(to, &value, 4); }

static uint32_t get(const unsigned char *from) {
  uint32_t value;
  memcpy(&value, from, 4);
  return value;
}

// One option when `context` is not negative: the context's length.
static size_t frame(unsigned char *to, int flags, const char *payload, int context) {
  size_t length = strlen(payload), head = context < 0 ? 12 : 16;
  to[0] = (unsigned char)(0x10 | head / 4);
  to[1] = (unsigned char)flags;
  put(to + 2, (uint32_t)length);
  put(to + 6, crc32(to, 6));
  to[10] = to[11] = 0;
  if (context >= 0) put(to + 12, (uint32_t)context);
  memcpy(to + head, payload, length);
  return head + length;
}

static void spawn(struct worker *w, char **command) {
  int to[2], from[2];
  if (pipe(to) || pipe(from)) fail("pipe");
  pid_t pid = fork();
  if (pid < 0) fail("fork");
  if (pid == 0) {
    dup2(to[0], 0);
    dup2(from[1], 1);
    for (int fd = 3; fd < 1024; fd++) close(fd);
    execvp(command[0], command);
    fail(command[0]);
  }
  close(to[0]);
  close(from[1]);
  w->in = to[1];
  w->out = from[0];
}

static void give(struct worker *w, const unsigned char *bytes, size_t count) {
  if (write(w->in, bytes, count) != (ssize_t)count) fail("write");
}

// Reads once; true when a whole frame is there.
static int take(struct worker *w) {
  ssize_t got = read(w->out, w->buffer + w->have, SIZE - w->have);
  if (got <= 0) fail("a worker went away");
  w->have += (size_t)got;
  if (w->have < 12) return 0;
  size_t whole = (size_t)(w->buffer[0] & 15) * 4 + get(w->buffer + 2);
  if (w->have < whole) return 0;
  if (w->have > whole) {
    fprintf(stderr, "more than one frame\n");
    exit(1);
  }
  w->have = 0;
  return 1;
}

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static double cpu(void) {
  struct rusage u;
  getrusage(RUSAGE_SELF, &u);
  return (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) + (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1e6;
}

int main(int argc, char **argv) {
  int count = argc > 3 ? atoi(argv[1]) : 0;
  if (count < 1 || count > LIMIT) {
    fprintf(stderr, "usage: native WORKERS SECONDS COMMAND...\n");
    return 2;
  }
  double seconds = atof(argv[2]);
  const char *context =
      "{\"remoteAddr\":\"127.0.0.1\",\"protocol\":\"HTTP/1.1\",\"method\":\"GET\",\"uri\":\"http://127.0.0.1:8080/\","
      "\"headers\":{\"User-Agent\":[\"bench\"]},\"cookies\":{},\"rawQuery\":\"\",\"parsed\":false,\"uploads\":null,"
      "\"attributes\":{}}";
  request_size = frame(request, 0x08, context, (int)strlen(context));
  hello_size = frame(hello, 0x09, "{\"pid\":1}", -1);

  struct pollfd polls[LIMIT];
  for (int i = 0; i < count; i++) {
    spawn(&workers[i], argv + 3);
    give(&workers[i], hello, hello_size);
    while (!take(&workers[i])) {
    }
    polls[i] = (struct pollfd){workers[i].out, POLLIN, 0};
    give(&workers[i], request, request_size);
  }
  long done = 0;
  double start = now(), end = start + seconds, used = cpu();
  while (now() < end) {
    if (poll(polls, (nfds_t)count, 1000) <= 0) fail("poll");
    for (int i = 0; i < count; i++) {
      if (polls[i].revents && take(&workers[i])) {
        done++;
        give(&workers[i], request, request_size);
      }
    }
  }
  printf("%.0f %.2f\n", (double)done / (now() - start), (cpu() - used) * 1e6 / (double)done);
  size_t stop_size = frame(request, 0x09, "{\"stop\":true}", -1);
  for (int i = 0; i < count; i++) {
    while (!take(&workers[i])) {
    }
    give(&workers[i], request, stop_size);
  }
  while (wait(NULL) > 0) {
  }
  return 0;
}
