package blockdev.media;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * A medium behind a volatile write cache. Its segment holds what a reader sees; beside it, this
 * keeps what each block may fall back to when power is lost: what it held when it was last durable,
 * and everything between that and now.
 *
 * <p>After {@link #losePower} each block that was not flushed has, independently of all others, one
 * of those contents or the newest: cached writes are lost and reordered, but no block is torn.
 *
 * <p>The cache has {@link #CACHE_BYTES}; beyond that, the block that has been in it longest is
 * written back. Not thread-safe, and only for configurations that cut the power: it copies a block
 * for every write.
 */
public final class VolatileMedium implements Medium {
  /** Old contents that are kept at most. */
  public static final long CACHE_BYTES = 64L << 20;

  /** What a block held until write number {@code replacedBy}. */
  private record Version(byte[] bytes, long replacedBy) {}

  private final Medium medium;
  private final int blockBytes;
  private final long cacheBytes;
  private final Map<Long, ArrayDeque<Version>> unflushed = new LinkedHashMap<>(); // longest first
  private long versionsBytes;
  private long writes;

  /**
   * @param medium stays the caller's, to be opened again after a power loss
   * @param blockBytes what is never torn: the logical block
   */
  public VolatileMedium(Medium medium, int blockBytes) {
    this(medium, blockBytes, CACHE_BYTES);
  }

  VolatileMedium(Medium medium, int blockBytes, long cacheBytes) {
    if (!medium.carriesBytes()) {
      throw new IllegalArgumentException("what power loss leaves needs a medium that holds bytes");
    }
    this.medium = medium;
    this.blockBytes = blockBytes;
    this.cacheBytes = cacheBytes;
  }

  @Override
  public MemorySegment segment() {
    return medium.segment();
  }

  @Override
  public long capacityBytes() {
    return medium.capacityBytes();
  }

  @Override
  public boolean carriesBytes() {
    return true;
  }

  @Override
  public void beforeWrite(long offsetBytes, long lengthBytes) {
    medium.beforeWrite(offsetBytes, lengthBytes);
    writes++;
    long end = offsetBytes + lengthBytes;
    for (long at = blockAt(offsetBytes); at < end; at += blockBytes) {
      byte[] bytes = segment().asSlice(at, blockBytes).toArray(ValueLayout.JAVA_BYTE);
      unflushed.computeIfAbsent(at, key -> new ArrayDeque<>()).add(new Version(bytes, writes));
      versionsBytes += blockBytes;
    }
    while (versionsBytes > cacheBytes) {
      writeBackOldest();
    }
  }

  private void writeBackOldest() {
    Iterator<ArrayDeque<Version>> oldest = unflushed.values().iterator();
    versionsBytes -= (long) oldest.next().size() * blockBytes;
    oldest.remove();
  }

  @Override
  public void persist(long offsetBytes, long lengthBytes) {
    long end = offsetBytes + lengthBytes;
    for (long at = blockAt(offsetBytes); at < end; at += blockBytes) {
      ArrayDeque<Version> versions = unflushed.remove(at);
      if (versions != null) {
        versionsBytes -= (long) versions.size() * blockBytes;
      }
    }
    medium.persist(offsetBytes, lengthBytes);
  }

  @Override
  public long flushPoint() {
    return writes;
  }

  /** What was written later than {@code point} stays in the cache, as far as a Flush may do so. */
  @Override
  public void flush(long point) {
    Iterator<ArrayDeque<Version>> blocks = unflushed.values().iterator();
    while (blocks.hasNext()) {
      ArrayDeque<Version> versions = blocks.next();
      while (!versions.isEmpty() && versions.getFirst().replacedBy <= point) {
        versions.removeFirst();
        versionsBytes -= blockBytes;
      }
      if (versions.isEmpty()) {
        blocks.remove();
      }
    }
    medium.flush(point);
  }

  @Override
  public void flush() {
    flush(writes);
  }

  /** Blocks that a power loss could change. */
  public int unflushedBlocks() {
    return unflushed.size();
  }

  /** Leaves what power loss leaves, chosen by {@code seed}, on the medium; the cache is empty. */
  public void losePower(long seed) {
    SplittableRandom chance = new SplittableRandom(seed);
    unflushed.forEach((at, versions) -> {
      int age = chance.nextInt(versions.size() + 1); // the last is what is there
      Iterator<Version> chosen = versions.iterator();
      for (int i = 0; i < age; i++) {
        chosen.next();
      }
      if (chosen.hasNext()) {
        MemorySegment.copy(
            chosen.next().bytes, 0, segment(), ValueLayout.JAVA_BYTE, at, blockBytes);
      }
    });
    unflushed.clear();
    versionsBytes = 0;
  }

  private long blockAt(long offsetBytes) {
    return offsetBytes - offsetBytes % blockBytes;
  }

  /** Closes the medium as well. */
  @Override
  public void close() {
    medium.close();
  }
}
