package bench.life;

import blockdev.fs.FileSystem;
import blockdev.fs.FsException;
import blockdev.fs.OpenFile;
import inlinecrypt.Errno;
import inlinecrypt.fscrypt.KeyIdentifier;
import inlinecrypt.fscrypt.KeyStatus;
import java.lang.foreign.MemorySegment;

/** Removes the master key, and tries to read every file without it. */
final class KeyRemovalPhase {
  private final ExpectedFiles files;
  private final Problems problems;
  private final boolean keepKey;
  private int readAttempts;
  private int readable;

  /**
   * @param keepKey false; true leaves the key where it is, to show that somebody notices
   */
  KeyRemovalPhase(ExpectedFiles files, Problems problems, boolean keepKey) {
    this.files = files;
    this.problems = problems;
    this.keepKey = keepKey;
  }

  void run(FileSystem fs, KeyIdentifier key) {
    if (!keepKey) {
      fs.removeKey(key);
    }
    MemorySegment one = MemorySegment.ofArray(new byte[1]);
    for (Expected file : files.all()) {
      readAttempts++;
      try (OpenFile open = fs.open(file.path())) {
        open.read(0, one);
        readable++;
      } catch (FsException e) {
        if (e.errno() != Errno.ENOKEY) {
          problems.add(file.path() + " without its key: " + e.getMessage());
        }
      }
    }
    if (readable > 0) {
      problems.add(
          readable + " of " + readAttempts + " files can be read after the key was removed");
    }
    KeyStatus status = fs.keyStatus(key);
    if (status != KeyStatus.ABSENT) {
      problems.add("the master key that was removed is " + status);
    }
  }

  LifeReport.KeyRemoval report() {
    return new LifeReport.KeyRemoval(readAttempts, readable);
  }
}
