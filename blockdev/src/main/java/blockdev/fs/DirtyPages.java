package blockdev.fs;

import static blockdev.fs.Superblock.BLOCK_BYTES;

import blockdev.memory.HostMemory;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The blocks of one file that were written and are not on the device yet, in host memory, where
 * bios take them from. Memory is taken in clusters of 16 blocks, aligned in the file.
 */
final class DirtyPages {
  static final int CLUSTER_BLOCKS = HostMemory.MAX_RUN_BYTES / BLOCK_BYTES;
  static final int CLUSTER_BYTES = HostMemory.MAX_RUN_BYTES;

  private final HostMemory memory;
  private final TreeMap<Long, Cluster> clusters = new TreeMap<>(); // by file block / 16

  private static final class Cluster {
    final long address;
    int dirty; // bit n: block n of the cluster

    Cluster(long address) {
      this.address = address;
    }
  }

  DirtyPages(HostMemory memory) {
    this.memory = memory;
  }

  boolean isEmpty() {
    return clusters.isEmpty();
  }

  /** Host memory that is taken. */
  long takenBytes() {
    return (long) clusters.size() * CLUSTER_BYTES;
  }

  /** Where in host memory {@code fileBlock} is, or {@link HostMemory#NONE} if it is not dirty. */
  long addressOf(long fileBlock) {
    Cluster cluster = clusters.get(fileBlock / CLUSTER_BLOCKS);
    int index = (int) (fileBlock % CLUSTER_BLOCKS);
    if (cluster == null || (cluster.dirty >>> index & 1) == 0) {
      return HostMemory.NONE;
    }
    return cluster.address + (long) index * BLOCK_BYTES;
  }

  /**
   * Takes memory for {@code fileBlock} and marks it dirty; the caller fills it before it waits.
   *
   * @return its place in host memory, or {@link HostMemory#NONE} if there is no memory
   */
  long makeDirty(long fileBlock) {
    Long key = fileBlock / CLUSTER_BLOCKS;
    Cluster cluster = clusters.get(key);
    if (cluster == null) {
      long address = memory.allocate(CLUSTER_BYTES);
      if (address == HostMemory.NONE) {
        return HostMemory.NONE;
      }
      cluster = new Cluster(address);
      clusters.put(key, cluster);
    }
    int index = (int) (fileBlock % CLUSTER_BLOCKS);
    cluster.dirty |= 1 << index;
    return cluster.address + (long) index * BLOCK_BYTES;
  }

  /** The first dirty block from {@code fileBlock} on, or −1 if there is none. */
  long nextDirty(long fileBlock) {
    int index = (int) (fileBlock % CLUSTER_BLOCKS);
    Map.@Nullable Entry<Long, Cluster> entry = clusters.ceilingEntry(fileBlock / CLUSTER_BLOCKS);
    while (entry != null) {
      boolean isFirst = entry.getKey() == fileBlock / CLUSTER_BLOCKS;
      int from = isFirst ? entry.getValue().dirty & (-1 << index) : entry.getValue().dirty;
      if (from != 0) {
        return entry.getKey() * CLUSTER_BLOCKS + Integer.numberOfTrailingZeros(from);
      }
      entry = clusters.higherEntry(entry.getKey());
    }
    return -1;
  }

  /** The first block from {@code fileBlock} on that is not dirty. */
  long nextClean(long fileBlock) {
    long block = fileBlock;
    while (true) {
      Cluster cluster = clusters.get(block / CLUSTER_BLOCKS);
      if (cluster == null) {
        return block;
      }
      int index = (int) (block % CLUSTER_BLOCKS);
      int clean = ~cluster.dirty & (-1 << index) & ((1 << CLUSTER_BLOCKS) - 1);
      if (clean != 0) {
        return block - index + Integer.numberOfTrailingZeros(clean);
      }
      block += CLUSTER_BLOCKS - index;
    }
  }

  /** Drops all dirty blocks from {@code fileBlock} on. */
  void dropFrom(long fileBlock) {
    long firstCluster = fileBlock / CLUSTER_BLOCKS;
    int index = (int) (fileBlock % CLUSTER_BLOCKS);
    Cluster cut = index == 0 ? null : clusters.get(firstCluster);
    if (cut != null) {
      cut.dirty &= (1 << index) - 1;
    }
    boolean cutStays = cut != null && cut.dirty != 0;
    Map<Long, Cluster> dropped = clusters.tailMap(firstCluster, !cutStays);
    dropped.values().forEach(cluster -> memory.free(cluster.address, CLUSTER_BYTES));
    dropped.clear();
  }
}
