// A layer between SQLite and the default VFS that keeps what is done to the files below one folder, in order.
#include "vfs.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

static sqlite3_vfs *real;
static sqlite3_vfs layer;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static char *folder; // what is kept lies below it; NULL: nothing is
static powerloss_step *steps;
static int count, room;
static char *names[64];
static int named;

// The file as SQLite sees it; the default's own lies behind it in memory.
typedef struct {
	sqlite3_file base;
	int number; // of its name; -1: not kept
	sqlite3_file *below;
} kept_file;

static sqlite3_file *below(sqlite3_file *f) { return ((kept_file *)f)->below; }

// number_of gives a name's number, -1 for files that are not kept. The lock is held.
static int number_of(const char *name) {
	if (!folder || !name || strncmp(name, folder, strlen(folder)) != 0 || strstr(name, "-shm")) return -1;
	for (int i = 0; i < named; i++)
		if (strcmp(names[i], name) == 0) return i;
	if (named == 64) return -1;
	names[named] = strdup(name);
	return named++;
}

static void keep(int kind, int file, sqlite3_int64 offset, const void *data, int size) {
	if (file < 0 && kind != POWERLOSS_MARK) return;
	pthread_mutex_lock(&lock);
	if (folder) {
		if (count == room) {
			room = room ? 2 * room : 4096;
			steps = realloc(steps, room * sizeof *steps);
		}
		powerloss_step s = {kind, file, offset, size, NULL};
		if (data) {
			s.data = malloc(size);
			memcpy(s.data, data, size);
		}
		steps[count++] = s;
	}
	pthread_mutex_unlock(&lock);
}

static int number(sqlite3_file *f) { return ((kept_file *)f)->number; }

static int do_close(sqlite3_file *f) { return below(f)->pMethods->xClose(below(f)); }
static int do_read(sqlite3_file *f, void *to, int n, sqlite3_int64 at) { return below(f)->pMethods->xRead(below(f), to, n, at); }
static int do_write(sqlite3_file *f, const void *from, int n, sqlite3_int64 at) {
	int rc = below(f)->pMethods->xWrite(below(f), from, n, at);
	if (rc == 0) keep(POWERLOSS_WRITE, number(f), at, from, n);
	return rc;
}
static int do_truncate(sqlite3_file *f, sqlite3_int64 size) {
	int rc = below(f)->pMethods->xTruncate(below(f), size);
	if (rc == 0) keep(POWERLOSS_TRUNCATE, number(f), size, NULL, 0);
	return rc;
}
static int do_sync(sqlite3_file *f, int flags) {
	int rc = below(f)->pMethods->xSync(below(f), flags);
	if (rc == 0) keep(POWERLOSS_SYNC, number(f), 0, NULL, 0);
	return rc;
}
static int do_size(sqlite3_file *f, sqlite3_int64 *size) { return below(f)->pMethods->xFileSize(below(f), size); }
static int do_lock(sqlite3_file *f, int how) { return below(f)->pMethods->xLock(below(f), how); }
static int do_unlock(sqlite3_file *f, int how) { return below(f)->pMethods->xUnlock(below(f), how); }
static int do_reserved(sqlite3_file *f, int *out) { return below(f)->pMethods->xCheckReservedLock(below(f), out); }
static int do_control(sqlite3_file *f, int op, void *arg) { return below(f)->pMethods->xFileControl(below(f), op, arg); }
static int do_sector(sqlite3_file *f) { return below(f)->pMethods->xSectorSize(below(f)); }
static int do_device(sqlite3_file *f) { return below(f)->pMethods->xDeviceCharacteristics(below(f)); }
static int do_shm_map(sqlite3_file *f, int page, int size, int extend, void volatile **out) { return below(f)->pMethods->xShmMap(below(f), page, size, extend, out); }
static int do_shm_lock(sqlite3_file *f, int at, int n, int flags) { return below(f)->pMethods->xShmLock(below(f), at, n, flags); }
static void do_shm_barrier(sqlite3_file *f) { below(f)->pMethods->xShmBarrier(below(f)); }
static int do_shm_unmap(sqlite3_file *f, int drop) { return below(f)->pMethods->xShmUnmap(below(f), drop); }

// Version 2: without xFetch, so that nothing is written past this layer through mapped memory.
static const sqlite3_io_methods methods = {
	2, do_close, do_read, do_write, do_truncate, do_sync, do_size, do_lock, do_unlock, do_reserved, do_control, do_sector, do_device,
	do_shm_map, do_shm_lock, do_shm_barrier, do_shm_unmap, NULL, NULL,
};

static int do_open(sqlite3_vfs *v, const char *name, sqlite3_file *f, int flags, int *out) {
	kept_file *k = (kept_file *)f;
	k->base.pMethods = NULL;
	k->below = (sqlite3_file *)(k + 1);
	k->below->pMethods = NULL;
	int rc = real->xOpen(real, name, k->below, flags, out);
	if (rc != 0) {
		if (k->below->pMethods) k->below->pMethods->xClose(k->below);
		return rc;
	}
	pthread_mutex_lock(&lock);
	k->number = number_of(name);
	pthread_mutex_unlock(&lock);
	keep(POWERLOSS_OPEN, k->number, 0, NULL, 0);
	k->base.pMethods = &methods;
	return 0;
}

static int do_delete(sqlite3_vfs *v, const char *name, int sync) {
	int rc = real->xDelete(real, name, sync);
	pthread_mutex_lock(&lock);
	int n = number_of(name);
	pthread_mutex_unlock(&lock);
	if (rc == 0) keep(POWERLOSS_DELETE, n, sync, NULL, 0);
	return rc;
}

int powerloss_register(void) {
	real = sqlite3_vfs_find(NULL);
	if (!real) return 1;
	layer = *real;
	layer.szOsFile = real->szOsFile + sizeof(kept_file);
	layer.zName = "powerloss";
	layer.pNext = NULL;
	layer.xOpen = do_open;
	layer.xDelete = do_delete;
	return sqlite3_vfs_register(&layer, 1);
}

void powerloss_begin(const char *dir) {
	pthread_mutex_lock(&lock);
	for (int i = 0; i < count; i++) free(steps[i].data);
	for (int i = 0; i < named; i++) free(names[i]);
	count = named = 0;
	free(folder);
	folder = strdup(dir);
	pthread_mutex_unlock(&lock);
}

void powerloss_mark(int n) { keep(POWERLOSS_MARK, -1, n, NULL, 0); }

void powerloss_end(void) {
	pthread_mutex_lock(&lock);
	free(folder);
	folder = NULL;
	pthread_mutex_unlock(&lock);
}

int powerloss_steps(void) { return count; }
powerloss_step powerloss_step_at(int i) { return steps[i]; }
int powerloss_files(void) { return named; }
const char *powerloss_file_at(int i) { return names[i]; }
