package bench.workload;

import java.util.Random;

/**
 * Random 4 KiB reads and writes on files made of extents: the file is drawn by Zipf's law, so some
 * are hot; extent and block within it are uniform; 70 of 100 I/Os are reads. Extents lie on the
 * device one after the other.
 *
 * <p>It shows what a key per extent does to keyslots that a key per file would share.
 *
 * @param files from 1 to {@link #MAX_EXTENTS}
 * @param extentsPerFile of 64 KiB each; all files together have at most {@link #MAX_EXTENTS}
 * @param ioCount from 1 to {@link #MAX_IOS}
 */
public record ExtentWorkload(int files, int extentsPerFile, int ioCount, long seed) {
  public static final int IO_BYTES = 4096;
  public static final int EXTENT_BYTES = 64 * 1024;
  public static final int BLOCKS_PER_EXTENT = EXTENT_BYTES / IO_BYTES;
  public static final int READ_PERCENT = 70;

  /** 4 GiB of extents. */
  public static final int MAX_EXTENTS = 65_536;

  public static final int MAX_IOS = 10_000_000;

  public ExtentWorkload {
    checkRange("files", files, MAX_EXTENTS);
    checkRange("extentsPerFile", extentsPerFile, MAX_EXTENTS / files);
    checkRange("ioCount", ioCount, MAX_IOS);
  }

  public int extents() {
    return files * extentsPerFile;
  }

  public long deviceBytes() {
    return (long) extents() * EXTENT_BYTES;
  }

  /** The I/Os: always the same for equal workloads. */
  public IoSequence ios() {
    Random random = new Random(seed);
    ZipfTable fileRanks = new ZipfTable(files);
    IoSequence ios = new IoSequence(ioCount);
    for (int index = 0; index < ioCount; index++) {
      int extent = fileRanks.draw(random) * extentsPerFile + random.nextInt(extentsPerFile);
      int block = extent * BLOCKS_PER_EXTENT + random.nextInt(BLOCKS_PER_EXTENT);
      ios.set(index, block, random.nextInt(100) >= READ_PERCENT);
    }
    return ios;
  }

  private static void checkRange(String name, int value, int max) {
    if (value < 1 || value > max) {
      throw new IllegalArgumentException(name + " must be from 1 to " + max + ", is " + value);
    }
  }
}
