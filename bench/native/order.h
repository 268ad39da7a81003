// An order from its template: text in which runs of byte 1 stand for the digits of its number and runs of byte 2 for the
// digits of its amount. Both have a fixed width, so that an order is one copy and a few digits.
#ifndef ORDER_H
#define ORDER_H
#include "wire.h"

#define PLACES_MAX 64

struct place {
  size_t at, width;
  int is_amount;
};

static struct buffer order_template;
static struct place places[PLACES_MAX];
static int place_count;

static void read_template(const char *path) {
  FILE *file = fopen(path, "rb");
  if (!file) stop_with("could not open the order's template (--template PATH)");
  char chunk[4096];
  for (size_t got; (got = fread(chunk, 1, sizeof chunk, file)) > 0;) append(&order_template, chunk, got);
  fclose(file);
  for (size_t at = 0; at < order_template.length;) {
    char mark = order_template.bytes[at];
    size_t width = 1;
    if (mark != 1 && mark != 2) {
      at++;
      continue;
    }
    while (at + width < order_template.length && order_template.bytes[at + width] == mark) width++;
    if (place_count == PLACES_MAX) stop_with("too many places in the order's template");
    places[place_count++] = (struct place){at, width, mark == 2};
    at += width;
  }
}

static void append_order(struct buffer *out, long number) {
  append(out, order_template.bytes, order_template.length);
  char *order = out->bytes + out->length - order_template.length;
  for (int index = 0; index < place_count; index++) {
    long value = places[index].is_amount ? (number * 7919) % 900 + 100 : number;
    for (size_t digit = places[index].width; digit-- > 0; value /= 10)
      order[places[index].at + digit] = (char)('0' + value % 10);
  }
}
#endif
