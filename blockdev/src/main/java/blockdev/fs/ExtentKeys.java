package blockdev.fs;

import inlinecrypt.CryptoKey;
import inlinecrypt.fscrypt.ExtentInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The infos of the extents that were met through one inode. When the inode points into an extent no
 * more, its info is retired; it can go once nobody reads the extent through this inode.
 */
final class ExtentKeys {
  private final TreeMap<Long, ExtentInfo> infos = new TreeMap<>(); // by extent
  private final TreeMap<Long, Integer> reads = new TreeMap<>(); // under way, by extent
  private final TreeMap<Long, ExtentInfo> retired = new TreeMap<>();

  @Nullable ExtentInfo get(long extentId) {
    return infos.get(extentId);
  }

  void put(long extentId, ExtentInfo info) {
    infos.put(extentId, info);
  }

  /** A read needs the key of the extent until {@link #endRead}. Reads nest. */
  void beginRead(long extentId) {
    reads.merge(extentId, 1, Integer::sum);
  }

  void endRead(long extentId) {
    reads.computeIfPresent(extentId, (id, count) -> count == 1 ? null : count - 1);
  }

  /** The inode will not read or write the extent again. */
  void retire(long extentId) {
    ExtentInfo info = infos.remove(extentId);
    if (info != null) {
      retired.put(extentId, info);
    }
  }

  /** Hands over the retired infos that no read needs: the caller evicts and closes them. */
  List<ExtentInfo> takeUnused() {
    if (retired.isEmpty()) {
      return List.of();
    }
    List<ExtentInfo> unused = new ArrayList<>();
    retired
        .entrySet()
        .removeIf(entry -> !reads.containsKey(entry.getKey()) && unused.add(entry.getValue()));
    return unused;
  }

  /** The keys of all infos, retired or not. */
  List<CryptoKey> keys() {
    List<CryptoKey> keys = new ArrayList<>();
    infos.values().forEach(info -> keys.add(info.key()));
    retired.values().forEach(info -> keys.add(info.key()));
    return keys;
  }

  /** Wipes all keys, which the device has forgotten. */
  void close() {
    infos.values().forEach(ExtentInfo::close);
    infos.clear();
    retired.values().forEach(ExtentInfo::close);
    retired.clear();
  }
}
