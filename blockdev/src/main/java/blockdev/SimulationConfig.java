package blockdev;

import blockdev.memory.HostMemory;
import blockdev.nvme.LatencyModel;
import blockdev.trace.Tracer;
import inlinecrypt.CryptoMode;
import inlinecrypt.engine.CipherEngine;
import inlinecrypt.keyslot.CryptoProfile;
import java.util.Map;

/**
 * What a simulation is made of. {@link #DEFAULT} is phone storage with 32 keyslots in virtual time;
 * change what differs.
 *
 * @param virtualTime true for virtual time, false for immediate time
 * @param logicalBlockBytes 512 or 4096
 * @param profile what the device's inline crypto unit can do
 * @param engine what its ciphers are made with
 * @param queuePairs threads that can submit
 * @param queueDepth requests that each of them can have under way
 * @param hostMemoryBytes memory for pages, rings and PRP lists
 */
public record SimulationConfig(
    boolean virtualTime,
    int logicalBlockBytes,
    CryptoProfile profile,
    CipherEngine engine,
    LatencyModel latency,
    int queuePairs,
    int queueDepth,
    long hostMemoryBytes,
    Tracer tracer) {

  /** All data unit sizes that UFS and CQHCI know, 512 bytes to 64 KiB. */
  private static final int UFS_DATA_UNIT_SIZES = 0x1FE00;

  /** Bytes of a data unit number on UFS. */
  private static final int UFS_DUN_BYTES = 8;

  /** The default configuration: 32 slots, 4096-byte blocks, the fastest engine. */
  public static SimulationConfig defaults() {
    return new SimulationConfig(
        true,
        4096,
        ufsProfile(32),
        CipherEngine.fastest(CryptoMode.AES_256_XTS),
        LatencyModel.UFS_31,
        4,
        128,
        HostMemory.DEFAULT_CAPACITY_BYTES,
        Tracer.OFF);
  }

  /** A UFS host with AES-256-XTS and {@code slotCount} keyslots. */
  public static CryptoProfile ufsProfile(int slotCount) {
    return new CryptoProfile(
        slotCount, UFS_DUN_BYTES, Map.of(CryptoMode.AES_256_XTS, UFS_DATA_UNIT_SIZES));
  }

  public SimulationConfig withImmediateTime() {
    return new SimulationConfig(
        false,
        logicalBlockBytes,
        profile,
        engine,
        latency,
        queuePairs,
        queueDepth,
        hostMemoryBytes,
        tracer);
  }

  public SimulationConfig withProfile(CryptoProfile other) {
    return new SimulationConfig(
        virtualTime,
        logicalBlockBytes,
        other,
        engine,
        latency,
        queuePairs,
        queueDepth,
        hostMemoryBytes,
        tracer);
  }

  public SimulationConfig withEngine(CipherEngine other) {
    return new SimulationConfig(
        virtualTime,
        logicalBlockBytes,
        profile,
        other,
        latency,
        queuePairs,
        queueDepth,
        hostMemoryBytes,
        tracer);
  }

  public SimulationConfig withLatency(LatencyModel other) {
    return new SimulationConfig(
        virtualTime,
        logicalBlockBytes,
        profile,
        engine,
        other,
        queuePairs,
        queueDepth,
        hostMemoryBytes,
        tracer);
  }

  public SimulationConfig withLogicalBlockBytes(int other) {
    return new SimulationConfig(
        virtualTime,
        other,
        profile,
        engine,
        latency,
        queuePairs,
        queueDepth,
        hostMemoryBytes,
        tracer);
  }

  public SimulationConfig withQueueDepth(int other) {
    return new SimulationConfig(
        virtualTime,
        logicalBlockBytes,
        profile,
        engine,
        latency,
        queuePairs,
        other,
        hostMemoryBytes,
        tracer);
  }

  public SimulationConfig withTracer(Tracer other) {
    return new SimulationConfig(
        virtualTime,
        logicalBlockBytes,
        profile,
        engine,
        latency,
        queuePairs,
        queueDepth,
        hostMemoryBytes,
        other);
  }
}
