package blockdev;

import blockdev.nvme.LatencyModel;
import inlinecrypt.CryptoMode;
import inlinecrypt.keyslot.CryptoProfile;
import java.util.Map;

/**
 * The device of a simulation.
 *
 * @param logicalBlockBytes 512 or 4096
 * @param profile what its inline crypto unit can do
 */
public record DeviceModel(int logicalBlockBytes, CryptoProfile profile, LatencyModel latency) {
  /** All data unit sizes that UFS and CQHCI know, 512 bytes to 64 KiB. */
  private static final int UFS_DATA_UNIT_SIZES = 0x1FE00;

  /** Bytes of a data unit number on UFS. */
  private static final int UFS_DUN_BYTES = 8;

  /** A UFS device with blocks of 4096 bytes. */
  public static DeviceModel ufs(int slotCount) {
    return new DeviceModel(4096, ufsProfile(slotCount), LatencyModel.UFS_31);
  }

  /** What a UFS host with AES-256-XTS can do. */
  public static CryptoProfile ufsProfile(int slotCount) {
    return new CryptoProfile(
        slotCount, UFS_DUN_BYTES, Map.of(CryptoMode.AES_256_XTS, UFS_DATA_UNIT_SIZES));
  }

  public DeviceModel withLogicalBlockBytes(int other) {
    return new DeviceModel(other, profile, latency);
  }

  public DeviceModel withProfile(CryptoProfile other) {
    return new DeviceModel(logicalBlockBytes, other, latency);
  }

  /** The same device with nothing to encrypt with. */
  public DeviceModel withoutInlineCrypt() {
    return withProfile(CryptoProfile.none());
  }

  public DeviceModel withLatency(LatencyModel other) {
    return new DeviceModel(logicalBlockBytes, profile, other);
  }
}
