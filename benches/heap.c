/* A heap that is put in front of the C library's, so that what a request allocates costs the same wherever the heap of
   the application happens to lie: a list of free pieces for each power of two, and nothing is ever joined or divided. */
#include <errno.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>

/* Before each piece: its class, and where the piece itself begins. */
struct head { size_t class; void *piece; };
struct piece { struct piece *next; };

/* For each thread: what another one frees is reused there. */
static __thread struct piece *lists[48];
static __thread char *at, *end;

static void *take(size_t class) {
    struct piece *piece = lists[class];
    size_t size = (size_t)1 << class;
    if (piece) {
        lists[class] = piece->next;
        return piece;
    }
    if ((size_t)(end - at) < size) {
        size_t room = size > ((size_t)1 << 24) ? size : (size_t)1 << 24;
        at = mmap(NULL, room, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
        if (at == MAP_FAILED) {
            at = end = NULL;
            errno = ENOMEM;
            return NULL;
        }
        end = at + room;
    }
    at += size;
    return at - size;
}

static void *allocate(size_t size, size_t alignment) {
    if (size > (size_t)1 << 44) {
        errno = ENOMEM;
        return NULL;
    }
    size_t whole = size + sizeof(struct head) + (alignment > 16 ? alignment : 0);
    size_t class = 64 - (size_t)__builtin_clzll(whole - 1);
    char *piece = take(class);
    if (!piece) return NULL;
    uintptr_t start = (uintptr_t)piece + sizeof(struct head);
    if (alignment > 16) start = (start + alignment - 1) & ~(uintptr_t)(alignment - 1);
    struct head *head = (struct head *)start - 1;
    head->class = class;
    head->piece = piece;
    return (void *)start;
}

void *malloc(size_t size) { return allocate(size, 16); }

void free(void *pointer) {
    if (!pointer) return;
    struct head head = ((struct head *)pointer)[-1];
    struct piece *piece = head.piece;
    piece->next = lists[head.class];
    lists[head.class] = piece;
}

void *calloc(size_t count, size_t size) {
    if (size && count > ((size_t)1 << 44) / size) {
        errno = ENOMEM;
        return NULL;
    }
    void *pointer = malloc(count * size);
    return pointer ? memset(pointer, 0, count * size) : NULL;
}

void *realloc(void *pointer, size_t size) {
    if (!pointer) return malloc(size);
    struct head head = ((struct head *)pointer)[-1];
    size_t room = ((size_t)1 << head.class) - (size_t)((char *)pointer - (char *)head.piece);
    if (size <= room) return pointer;
    void *larger = malloc(size);
    if (!larger) return NULL;
    memcpy(larger, pointer, room);
    free(pointer);
    return larger;
}

void *aligned_alloc(size_t alignment, size_t size) { return allocate(size, alignment); }
void *memalign(size_t alignment, size_t size) { return allocate(size, alignment); }

int posix_memalign(void **pointer, size_t alignment, size_t size) {
    *pointer = allocate(size, alignment);
    return *pointer ? 0 : ENOMEM;
}
