package blockdev.media;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * A medium behind a volatile write cache. Its segment holds what a reader sees; beside it, this
 * keeps what each block may fall back to when power is lost: what it held when it was last durable,
 * and everything between that and now.
 *
 * <p>After {@link #losePower} each block that was not flushed has, independently of all others, one
 * of those contents or the newest: cached writes are lost and reordered, but no block is torn, nor
 * parted from its metadata. What a block is, {@link #arrange} says.
 *
 * <p>The cache has {@link #CACHE_BYTES}; beyond that, the block that has been in it longest is
 * written back. Not thread-safe, and only for configurations that cut the power: it copies a block
 * for every write.
 */
public final class VolatileMedium implements Medium {
  /** Old contents that are kept at most. */
  public static final long CACHE_BYTES = 64L << 20;

  /** Blocks that lie one after the other, with their metadata behind them. */
  private record Area(long offsetBytes, long blocks, int blockBytes, int metadataBytes) {
    boolean contains(long at) {
      return at >= offsetBytes && at < metadataOffset(blocks);
    }

    long endOfData() {
      return offsetBytes + blocks * blockBytes;
    }

    long metadataOffset(long block) {
      return endOfData() + block * metadataBytes;
    }

    long blockAt(long at) {
      return (at - offsetBytes) / blockBytes;
    }

    byte[] read(MemorySegment bytes, long block) {
      byte[] content = new byte[blockBytes + metadataBytes];
      long at = offsetBytes + block * blockBytes;
      MemorySegment.copy(bytes, ValueLayout.JAVA_BYTE, at, content, 0, blockBytes);
      MemorySegment.copy(
          bytes, ValueLayout.JAVA_BYTE, metadataOffset(block), content, blockBytes, metadataBytes);
      return content;
    }

    void write(MemorySegment bytes, long block, byte[] content) {
      long at = offsetBytes + block * blockBytes;
      MemorySegment.copy(content, 0, bytes, ValueLayout.JAVA_BYTE, at, blockBytes);
      MemorySegment.copy(
          content, blockBytes, bytes, ValueLayout.JAVA_BYTE, metadataOffset(block), metadataBytes);
    }
  }

  private record Block(Area area, long number) {}

  /** What a block held until write number {@code replacedBy}. */
  private record Version(byte[] content, long replacedBy) {}

  private final Medium medium;
  private final long cacheBytes;
  private final List<Area> areas = new ArrayList<>();
  private final Map<Block, ArrayDeque<Version>> unflushed = new LinkedHashMap<>(); // longest first
  private long versionsBytes;
  private long writes;

  /**
   * @param medium stays the caller's, to be opened again after a power loss
   */
  public VolatileMedium(Medium medium) {
    this(medium, CACHE_BYTES);
  }

  VolatileMedium(Medium medium, long cacheBytes) {
    if (!medium.carriesBytes()) {
      throw new IllegalArgumentException("what power loss leaves needs a medium that holds bytes");
    }
    this.medium = medium;
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
  public void arrange(long offsetBytes, long blocks, int blockBytes, int metadataBytes) {
    Area area = new Area(offsetBytes, blocks, blockBytes, metadataBytes);
    areas.removeIf(old -> old.offsetBytes == offsetBytes);
    areas.add(area);
    Iterator<Map.Entry<Block, ArrayDeque<Version>>> entries = unflushed.entrySet().iterator();
    while (entries.hasNext()) {
      Map.Entry<Block, ArrayDeque<Version>> entry = entries.next();
      if (entry.getKey().area.offsetBytes == offsetBytes) {
        forget(entry.getValue());
        entries.remove();
      }
    }
    medium.arrange(offsetBytes, blocks, blockBytes, metadataBytes);
  }

  @Override
  public void beforeWrite(long offsetBytes, long lengthBytes) {
    medium.beforeWrite(offsetBytes, lengthBytes);
    writes++;
    Area area = areaAt(offsetBytes);
    long end = endBlock(area, offsetBytes + lengthBytes);
    for (long number = area.blockAt(offsetBytes); number < end; number++) {
      byte[] content = area.read(segment(), number);
      unflushed
          .computeIfAbsent(new Block(area, number), key -> new ArrayDeque<>())
          .add(new Version(content, writes));
      versionsBytes += content.length;
      while (versionsBytes > cacheBytes) {
        writeBackOldest();
      }
    }
  }

  private Area areaAt(long offsetBytes) {
    for (int i = 0; i < areas.size(); i++) {
      if (areas.get(i).contains(offsetBytes)) {
        return areas.get(i);
      }
    }
    throw new IllegalArgumentException("no blocks are arranged at byte " + offsetBytes);
  }

  /** The block before which a range ends; what of it is metadata belongs to blocks before. */
  private static long endBlock(Area area, long endBytes) {
    return Math.min(area.blocks, Math.ceilDiv(endBytes - area.offsetBytes, (long) area.blockBytes));
  }

  private void writeBackOldest() {
    Iterator<ArrayDeque<Version>> oldest = unflushed.values().iterator();
    forget(oldest.next());
    oldest.remove();
  }

  private void forget(ArrayDeque<Version> versions) {
    versions.forEach(version -> versionsBytes -= version.content.length);
  }

  @Override
  public void persist(long offsetBytes, long lengthBytes) {
    Area area = areaAt(offsetBytes);
    long end = endBlock(area, offsetBytes + lengthBytes);
    for (long number = area.blockAt(offsetBytes); number < end; number++) {
      ArrayDeque<Version> versions = unflushed.remove(new Block(area, number));
      if (versions != null) {
        forget(versions);
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
        versionsBytes -= versions.removeFirst().content.length;
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
    unflushed.forEach((block, versions) -> {
      int age = chance.nextInt(versions.size() + 1); // the last is what is there
      Iterator<Version> chosen = versions.iterator();
      for (int i = 0; i < age; i++) {
        chosen.next();
      }
      if (chosen.hasNext()) {
        block.area.write(segment(), block.number, chosen.next().content);
      }
    });
    unflushed.clear();
    versionsBytes = 0;
  }

  /** Closes the medium as well. */
  @Override
  public void close() {
    medium.close();
  }
}
