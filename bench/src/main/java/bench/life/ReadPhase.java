package bench.life;

import blockdev.fs.FileSystem;
import blockdev.fs.OpenFile;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.security.MessageDigest;
import java.util.Arrays;

/** Reads every file back, and compares its SHA-256 with that of what was written. Runs often. */
final class ReadPhase {
  private final ExpectedFiles files;
  private final Problems problems;
  private final Progress progress;
  private long fileComparisons;

  ReadPhase(ExpectedFiles files, Problems problems, Progress progress) {
    this.files = files;
    this.problems = problems;
    this.progress = progress;
  }

  /** Reads a piece of a file: {@link OpenFile#read}, or that and something more. */
  interface PieceReader {
    void read(OpenFile file, long offset, MemorySegment target);
  }

  /**
   * @param buffer takes a piece at a time
   * @param when for messages
   */
  void run(FileSystem fs, MemorySegment buffer, String when) throws IOException {
    run(fs, buffer, when, OpenFile::read);
  }

  void run(FileSystem fs, MemorySegment buffer, String when, PieceReader pieces)
      throws IOException {
    long done = 0;
    long total = files.bytes();
    for (Expected file : files.all()) {
      verify(fs, file, buffer, when, pieces);
      done += file.sizeBytes();
      progress.at("read " + when, done, total);
    }
  }

  private void verify(
      FileSystem fs, Expected file, MemorySegment buffer, String when, PieceReader pieces)
      throws IOException {
    MessageDigest digest = Expected.newSha256();
    try (OpenFile source = fs.open(file.path())) {
      if (source.sizeBytes() != file.sizeBytes()) {
        problems.add(
            file.path()
                + " has "
                + source.sizeBytes()
                + " bytes "
                + when
                + ", not "
                + file.sizeBytes());
        return;
      }
      for (long at = 0; at < file.sizeBytes(); at += buffer.byteSize()) {
        MemorySegment piece = buffer.asSlice(0, Math.min(buffer.byteSize(), file.sizeBytes() - at));
        pieces.read(source, at, piece);
        digest.update(piece.asByteBuffer());
      }
    }
    fileComparisons++;
    if (!Arrays.equals(digest.digest(), file.sha256(buffer))) {
      problems.add(file.path() + " reads back differently " + when + ": its SHA-256 is another");
    }
  }

  /** Of all runs. */
  long fileComparisons() {
    return fileComparisons;
  }
}
