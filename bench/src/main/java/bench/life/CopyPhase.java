package bench.life;

import blockdev.fs.FileSystem;
import blockdev.fs.FsException;
import blockdev.fs.OpenFile;
import inlinecrypt.Errno;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Copies a share of the files, by reflink where the strategy allows it, and overwrites some of each
 * copy.
 */
final class CopyPhase {
  private static final int PATCHES = 3;
  private static final int MAX_PATCH_BYTES = 64 * 1024;

  private final InputFiles input;
  private final ExpectedFiles files;
  private final SplittableRandom random;
  private int copies;
  private int reflinksRefused;
  private int overwrites;

  /**
   * @param files where the copies are added
   */
  CopyPhase(InputFiles input, ExpectedFiles files, SplittableRandom random) {
    this.input = input;
    this.files = files;
    this.random = random;
  }

  void run(FileSystem fs, MemorySegment buffer) throws IOException {
    List<Expected> sources =
        Share.of(files.all().stream().filter(file -> file.sizeBytes() > 0).toList(), random);
    if (sources.isEmpty()) {
      return;
    }
    String directory = unusedName();
    fs.makeDirectory(directory);
    for (Expected source : sources) {
      Expected copy = source.copiedTo(directory + "/" + copies);
      try {
        fs.reflink(source.path(), copy.path());
      } catch (FsException e) {
        if (e.errno() != Errno.EOPNOTSUPP) {
          throw e;
        }
        reflinksRefused++;
        copy.writeTo(fs, buffer);
      }
      files.add(copy);
      copies++;
      overwrite(fs, copy);
    }
    fs.sync();
  }

  /** A name in the root for the directory of the copies that the input does not use. */
  private String unusedName() {
    String name = "/.copies";
    while (files.contains(name) || input.directories().contains(name.substring(1))) {
      name += "_";
    }
    return name;
  }

  private void overwrite(FileSystem fs, Expected copy) {
    try (OpenFile file = fs.open(copy.path())) {
      for (int i = 0; i < PATCHES; i++) {
        long offset = random.nextLong(copy.sizeBytes());
        int most = (int) Math.min(MAX_PATCH_BYTES, copy.sizeBytes() - offset);
        byte[] patch = new byte[1 + random.nextInt(most)];
        random.nextBytes(patch);
        file.write(offset, MemorySegment.ofArray(patch));
        copy.patch(offset, MemorySegment.ofArray(patch));
        overwrites++;
      }
    }
  }

  LifeReport.Copies report() {
    return new LifeReport.Copies(copies, reflinksRefused, overwrites);
  }
}
