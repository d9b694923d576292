package bench.workload;

/**
 * The I/Os of one clone of a job, one after the other, made when they are asked for: nothing is
 * kept but where it stands. Allocates nothing after it is made.
 *
 * <p>A popular block of {@code zipf} and {@code pareto} has no popular neighbours: ranks are spread
 * over the region by a multiplication that hits each block once. It is the same for all clones, so
 * what is popular is popular with all.
 */
final class IoGenerator {
  private final SeededStream random;
  private final ReadWrite readWrite;
  private final int readPercent;
  private final int[] blockBytes;
  private final RankSampler blockSizes;
  private final KeyRegions regions;

  /** What I/Os go through on their own: the regions if keys are chosen, else the whole area. */
  private final int streams;

  private final long streamBytes;
  private final RankSampler streamSampler;
  private final boolean loopsOverStreams;
  private int nextStream;

  private final RankSampler blocks; // of a stream
  private final long alignmentBytes;
  private final long scatterFactor; // 0 if ranks are places
  private final long streamBlocks;
  private final long[][] nextOffsets; // by direction and stream, of sequential jobs

  private IoDirection direction = IoDirection.READ;
  private int region;
  private long offsetInRegion;
  private int lengthBytes;

  IoGenerator(Job job, int cloneIndex) {
    random = new SeededStream(job.seed(), cloneIndex);
    readWrite = job.readWrite();
    readPercent = job.readPercent();
    blockBytes = job.blockSizes().bytes().stream().mapToInt(Integer::intValue).toArray();
    blockSizes = job.blockSizes().sampler();
    regions = job.regions();
    Popularity keys = job.keyPopularity();
    streams = keys == null ? 1 : regions.count();
    streamBytes = regions.sizeBytes() / streams;
    streamSampler = (keys == null ? Popularity.EVEN : keys).sampler(streams);
    loopsOverStreams = keys != null && keys.isLoop();
    nextStream = (int) ((long) streams * cloneIndex / job.clones());
    alignmentBytes = job.blockSizes().smallestBytes();
    streamBlocks = streamBytes / alignmentBytes;
    blocks = job.popularity().sampler(streamBlocks);
    scatterFactor = job.popularity().isInPlace() ? 0 : factorFor(streamBlocks);
    nextOffsets = new long[IoDirection.values().length][readWrite.isRandom() ? 0 : streams];
  }

  /** About the golden part of {@code blocks}, and without a divisor in common with it. */
  private static long factorFor(long blocks) {
    long factor = Math.max(1, (long) (blocks * 0.6180339887498949));
    while (divisor(factor, blocks) != 1) {
      factor++;
    }
    return factor;
  }

  private static long divisor(long a, long b) {
    return b == 0 ? a : divisor(b, a % b);
  }

  /** Moves on to the next I/O. */
  void next() {
    direction = nextDirection();
    int bytes = blockBytes.length == 1 ? blockBytes[0] : blockBytes[(int) blockSizes.next(random)];
    int stream = nextStream();
    long offset = readWrite.isRandom() ? randomOffset() : nextOffsets[direction.ordinal()][stream];
    if (streams == 1) {
      region = (int) (offset / regions.regionBytes());
      offsetInRegion = offset - region * regions.regionBytes();
    } else {
      region = stream;
      offsetInRegion = offset;
    }
    long leftBytes = regions.regionBytes() - offsetInRegion;
    if (readWrite.isRandom()) {
      offsetInRegion -= Math.max(0, bytes - leftBytes);
      lengthBytes = bytes;
    } else {
      lengthBytes = (int) Math.min(bytes, leftBytes);
      long next = offset + lengthBytes;
      nextOffsets[direction.ordinal()][stream] = next == streamBytes ? 0 : next;
    }
  }

  /**
   * Moves on to the I/O of the same kind and size beside the last one: the next block, or the first
   * of the next region.
   */
  void nextBeside() {
    offsetInRegion += alignmentBytes;
    if (offsetInRegion + lengthBytes > regions.regionBytes()) {
      offsetInRegion = 0;
      region = region + 1 == regions.count() ? 0 : region + 1;
    }
  }

  private IoDirection nextDirection() {
    return switch (readWrite) {
      case READ, RANDREAD -> IoDirection.READ;
      case WRITE, RANDWRITE -> IoDirection.WRITE;
      case TRIM -> IoDirection.TRIM;
      case RW, RANDRW -> random.nextBelow(100) < readPercent ? IoDirection.READ : IoDirection.WRITE;
    };
  }

  private int nextStream() {
    if (streams == 1) {
      return 0;
    }
    if (!loopsOverStreams) {
      return (int) streamSampler.next(random);
    }
    int stream = nextStream;
    nextStream = stream + 1 == streams ? 0 : stream + 1;
    return stream;
  }

  private long randomOffset() {
    long block = blocks.next(random);
    if (scatterFactor != 0) {
      block = block * scatterFactor % streamBlocks;
    }
    return block * alignmentBytes;
  }

  IoDirection direction() {
    return direction;
  }

  /** The region, which is also the number of its key. */
  int region() {
    return region;
  }

  long offsetBytes() {
    return regions.offsetBytes() + region * regions.regionBytes() + offsetInRegion;
  }

  long dataUnitNumber() {
    return offsetInRegion / regions.dataUnitBytes();
  }

  int lengthBytes() {
    return lengthBytes;
  }
}
