package blockdev.queue.crypto;

import blockdev.bio.Bio;
import blockdev.memory.HostMemory;
import blockdev.memory.PageReserve;
import blockdev.queue.BioSubmitter;
import blockdev.queue.BlockDevice;
import inlinecrypt.CryptoKey;
import inlinecrypt.CryptoMode;
import inlinecrypt.Errno;
import inlinecrypt.engine.CipherEngine;
import inlinecrypt.engine.DataUnitCipher;
import inlinecrypt.keyslot.CryptoProfile;
import inlinecrypt.keyslot.KeyslotCompletion;
import inlinecrypt.keyslot.KeyslotCounters;
import inlinecrypt.keyslot.KeyslotManager;
import java.lang.foreign.MemorySegment;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Encryption by the host, for devices that cannot do it: an ordinary crypto profile whose keyslots
 * hold ciphers in software. One serves all devices.
 *
 * <p>A write is encrypted into bounce pages, and bios with these go to the device; its own pages
 * stay as they are. A read is decrypted in place when the device is done. Host CPU costs no virtual
 * time. A mode must be started once, for whatever key and device, before bios use it.
 *
 * <p>Close it after the last bio has ended. Source: {@code block/blk-crypto-fallback.c}.
 */
public final class Fallback implements AutoCloseable {
  /** {@code num_keyslots} of Linux. */
  public static final int LINUX_SLOTS = 100;

  /** {@code num_prealloc_bounce_pg}: what one encrypted bio takes at most. */
  private static final int RESERVED_PAGES = Bio.MAX_SEGMENTS;

  private static final int MAX_DUN_BYTES = 32;
  private static final int ALL_DATA_UNIT_SIZES = -1;

  private final HostMemory memory;
  private final List<CipherEngine> engines;
  private final FallbackKeyslots slots;
  private final KeyslotManager keyslots;
  private final CryptoProfile profile;
  private final ConcurrentHashMap<BlockDevice, PageReserve> bouncePages = new ConcurrentHashMap<>();
  private final CopyOnWriteArrayList<FallbackQueue> queues = new CopyOnWriteArrayList<>();

  /**
   * @param memory where the pages of bios lie, and bounce pages come from
   * @param engines the first of them that is there and has a mode serves it
   * @param slotCount keyslots, at least 1
   * @param nowNs the clock that waits for slots are measured with
   */
  public Fallback(
      HostMemory memory, List<CipherEngine> engines, int slotCount, LongSupplier nowNs) {
    this.memory = memory;
    this.engines = List.copyOf(engines);
    slots = new FallbackKeyslots(slotCount);
    keyslots = new KeyslotManager(slotCount, slots, nowNs);
    profile = makeProfile(slotCount);
  }

  private static CryptoProfile makeProfile(int slotCount) {
    Map<CryptoMode, Integer> sizes = new EnumMap<>(CryptoMode.class);
    for (CryptoMode mode : CryptoMode.values()) {
      if (mode.linuxNumber() != 0) {
        sizes.put(mode, ALL_DATA_UNIT_SIZES);
      }
    }
    return new CryptoProfile(slotCount, MAX_DUN_BYTES, sizes);
  }

  /** Raw keys of blk-crypto's modes, with numbers of 32 bytes and data units of any size. */
  public CryptoProfile profile() {
    return profile;
  }

  /**
   * Makes sure that keys of {@code mode} can be used, for {@code device} without a shortage of
   * memory ({@code blk_crypto_fallback_start_using_mode}).
   *
   * @return OK; ENOPKG if blk-crypto does not have the mode, or no engine that works has it; ENOMEM
   *     if the host has no memory for bounce pages
   */
  Errno startUsing(BlockDevice device, CryptoMode mode) {
    if (slots.isStarted(mode)) {
      return bouncePages(device) == null ? Errno.ENOMEM : Errno.OK;
    }
    CipherEngine engine = profile.dataUnitSizeMask(mode) == 0 ? null : engineFor(mode);
    if (engine == null) {
      return Errno.ENOPKG;
    }
    if (bouncePages(device) == null) {
      return Errno.ENOMEM;
    }
    slots.start(mode, engine::prepare);
    return Errno.OK;
  }

  private @Nullable CipherEngine engineFor(CryptoMode mode) {
    for (CipherEngine engine : engines) {
      if (engine.supports(mode) && engine.unavailableBecause().isEmpty() && works(engine, mode)) {
        return engine;
      }
    }
    return null;
  }

  /** Lets the engine prove itself, which it does with its first key. */
  private static boolean works(CipherEngine engine, CryptoMode mode) {
    byte[] anyKey = new byte[mode.keyBytes()];
    anyKey[0] = 1; // else the halves of an XTS key would be equal
    try {
      engine.prepare(mode, MemorySegment.ofArray(anyKey)).close();
      return true;
    } catch (IllegalStateException failedItsKnownAnswers) {
      return false;
    }
  }

  /**
   * A submitter's way through the fallback to {@code device}.
   *
   * @throws IllegalArgumentException if the pages of the device's bios lie in other memory
   */
  FallbackQueue newQueue(BlockDevice device, BioSubmitter below) {
    if (device.memory() != memory) {
      throw new IllegalArgumentException("the device's host memory is not the fallback's");
    }
    FallbackQueue queue = new FallbackQueue(this, device, below);
    queues.add(queue);
    return queue;
  }

  boolean isStarted(CryptoMode mode) {
    return slots.isStarted(mode);
  }

  MemorySegment memory() {
    return memory.segment();
  }

  /**
   * What encrypted bios to {@code device} take their pages from; null if the host has no memory for
   * it. Each device has its own: a bio keeps its pages until the layers below are done with it, and
   * where one of these encrypts in software again, it must not wait for those very pages.
   */
  @Nullable PageReserve bouncePages(BlockDevice device) {
    return bouncePages.computeIfAbsent(device, its -> PageReserve.of(memory, RESERVED_PAGES));
  }

  KeyslotManager keyslots() {
    return keyslots;
  }

  /** The cipher of a slot that the caller holds; null if programming the slot failed since. */
  @Nullable DataUnitCipher cipher(int slot) {
    return slots.cipher(slot);
  }

  void evict(CryptoKey key, KeyslotCompletion done) {
    keyslots.evict(key, done);
  }

  /** What its bios did so far. */
  public FallbackCounters counters() {
    return queues.stream()
        .map(FallbackQueue::counters)
        .reduce(FallbackCounters.NONE, FallbackCounters::plus);
  }

  /** What its keyslots did so far. */
  public KeyslotCounters keyslotCounters() {
    return keyslots.counters();
  }

  /** Wipes all slots. */
  @Override
  public void close() {
    slots.close();
  }
}
