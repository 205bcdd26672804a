// What SQLite's own header (sqlite3.h, "OS Interface Object") says of the parts that are used here. The header itself
// lies in the driver's module, where other packages cannot include it; these shapes are part of SQLite's stable interface.
#include <stdint.h>

typedef int64_t sqlite3_int64;
typedef struct sqlite3_file sqlite3_file;
typedef struct sqlite3_vfs sqlite3_vfs;

typedef struct sqlite3_io_methods {
	int iVersion;
	int (*xClose)(sqlite3_file *);
	int (*xRead)(sqlite3_file *, void *, int, sqlite3_int64);
	int (*xWrite)(sqlite3_file *, const void *, int, sqlite3_int64);
	int (*xTruncate)(sqlite3_file *, sqlite3_int64);
	int (*xSync)(sqlite3_file *, int);
	int (*xFileSize)(sqlite3_file *, sqlite3_int64 *);
	int (*xLock)(sqlite3_file *, int);
	int (*xUnlock)(sqlite3_file *, int);
	int (*xCheckReservedLock)(sqlite3_file *, int *);
	int (*xFileControl)(sqlite3_file *, int, void *);
	int (*xSectorSize)(sqlite3_file *);
	int (*xDeviceCharacteristics)(sqlite3_file *);
	int (*xShmMap)(sqlite3_file *, int, int, int, void volatile **);
	int (*xShmLock)(sqlite3_file *, int, int, int);
	void (*xShmBarrier)(sqlite3_file *);
	int (*xShmUnmap)(sqlite3_file *, int);
	int (*xFetch)(sqlite3_file *, sqlite3_int64, int, void **);
	int (*xUnfetch)(sqlite3_file *, sqlite3_int64, void *);
} sqlite3_io_methods;

struct sqlite3_file {
	const sqlite3_io_methods *pMethods;
};

struct sqlite3_vfs {
	int iVersion;
	int szOsFile;
	int mxPathname;
	sqlite3_vfs *pNext;
	const char *zName;
	void *pAppData;
	int (*xOpen)(sqlite3_vfs *, const char *, sqlite3_file *, int, int *);
	int (*xDelete)(sqlite3_vfs *, const char *, int);
	// What follows is copied from the default and never called here.
	void *rest[16];
};

sqlite3_vfs *sqlite3_vfs_find(const char *);
int sqlite3_vfs_register(sqlite3_vfs *, int);

// One thing that was done to a file.
typedef struct {
	int kind; // see powerloss_kind
	int file; // number of the file's name, from 0
	sqlite3_int64 offset;
	int size;
	void *data; // of a write; owned by the record
} powerloss_step;

enum powerloss_kind { POWERLOSS_OPEN, POWERLOSS_WRITE, POWERLOSS_TRUNCATE, POWERLOSS_SYNC, POWERLOSS_DELETE, POWERLOSS_MARK };

int powerloss_register(void);
void powerloss_begin(const char *dir);
void powerloss_mark(int number);
void powerloss_end(void);
int powerloss_steps(void);
powerloss_step powerloss_step_at(int i);
int powerloss_files(void);
const char *powerloss_file_at(int i);
