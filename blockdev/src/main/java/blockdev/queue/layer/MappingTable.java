package blockdev.queue.layer;

import blockdev.bio.BioOp;
import blockdev.bio.QueueLimits;
import blockdev.memory.HostMemory;
import blockdev.queue.BlockDevice;
import blockdev.queue.IoThreads;
import blockdev.trace.Tracer;
import inlinecrypt.keyslot.CryptoProfile;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The targets that a mapped device consists of, one after the other ({@code struct dm_table}).
 * Immutable; the devices below must all be of one simulation.
 */
public final class MappingTable implements AutoCloseable {
  private final List<Target> targets;
  private final long[] startSectors; // by target
  private final long sectors;
  private final List<BlockDevice> devices = new ArrayList<>(); // each once, in order
  private final QueueLimits limits;
  private final CryptoProfile profile;

  /**
   * @throws IllegalArgumentException if there is no target, a target begins inside one of its
   *     logical blocks, or not all devices are of one simulation
   */
  public MappingTable(List<? extends Target> targets) {
    if (targets.isEmpty()) {
      throw new IllegalArgumentException("a table has at least one target");
    }
    this.targets = List.copyOf(targets);
    startSectors = new long[targets.size()];
    long at = 0;
    for (int i = 0; i < startSectors.length; i++) {
      Target target = this.targets.get(i);
      startSectors[i] = at;
      DeviceArea.requireBorder("start of target " + i, at, target.logicalBlockBytes());
      for (BlockDevice device : target.devices()) {
        if (devices.stream().noneMatch(known -> known == device)) {
          devices.add(device);
        }
      }
      at = Math.addExact(at, target.sectors());
    }
    sectors = at;
    for (BlockDevice device : devices) {
      if (device.threads() != threads() || device.memory() != memory()) {
        throw new IllegalArgumentException("the devices are of different simulations");
      }
    }
    limits = stackLimits();
    profile = stackProfiles();
  }

  public MappingTable(Target... targets) {
    this(List.of(targets));
  }

  /** Every border that is not crossed below must not be crossed here either. */
  private QueueLimits stackLimits() {
    int blockBytes = targets.stream().mapToInt(Target::logicalBlockBytes).max().orElseThrow();
    int maxBytes = devices.stream().mapToInt(each -> each.limits().maxBytes()).min().orElseThrow();
    int maxSegments =
        devices.stream().mapToInt(each -> each.limits().maxSegments()).min().orElseThrow();
    int dmaAlignmentBytes =
        devices.stream().mapToInt(each -> each.limits().dmaAlignmentBytes()).max().orElseThrow();
    boolean hasIntegrity = devices.stream().anyMatch(each -> each.limits().hasIntegrity());
    return new QueueLimits(blockBytes, maxBytes & -blockBytes, maxSegments, dmaAlignmentBytes)
        .withRanges(
            stackRange(BioOp.DISCARD, blockBytes), stackRange(BioOp.WRITE_ZEROES, blockBytes))
        .withIntegrity(hasIntegrity);
  }

  /** Only what all devices can, so that no part of a bio is refused. */
  private int stackRange(BioOp op, int blockBytes) {
    int sectors =
        devices.stream().mapToInt(each -> each.limits().maxRangeSectors(op)).min().orElseThrow();
    return sectors & -(blockBytes >>> QueueLimits.SECTOR_SHIFT);
  }

  /** {@code dm_table_construct_crypto_profile}. */
  private CryptoProfile stackProfiles() {
    CryptoProfile common = CryptoProfile.all();
    for (Target target : targets) {
      if (!target.passesCrypto()) {
        return CryptoProfile.none();
      }
      for (BlockDevice device : target.devices()) {
        common = common.intersect(device.profile());
      }
    }
    return common.hasModes() ? common : CryptoProfile.none();
  }

  public List<Target> targets() {
    return targets;
  }

  /** All devices below, each once. */
  public List<BlockDevice> devices() {
    return devices;
  }

  public long sectors() {
    return sectors;
  }

  public QueueLimits limits() {
    return limits;
  }

  /** What all devices can encrypt, without slots; nothing if a target does not pass it through. */
  public CryptoProfile profile() {
    return profile;
  }

  /** Which target {@code sector}, that is below {@link #sectors}, belongs to. */
  int targetIndex(long sector) {
    int found = Arrays.binarySearch(startSectors, sector);
    return found >= 0 ? found : -found - 2;
  }

  long startSector(int targetIndex) {
    return startSectors[targetIndex];
  }

  IoThreads threads() {
    return devices.getFirst().threads();
  }

  HostMemory memory() {
    return devices.getFirst().memory();
  }

  Tracer tracer() {
    return devices.getFirst().tracer();
  }

  /** Closes the targets, once no bio of theirs is under way; the devices stay open. */
  @Override
  public void close() {
    targets.forEach(Target::close);
  }
}
