package blockdev.queue.crypto;

import blockdev.queue.BioSubmitter;
import blockdev.queue.BlockDevice;
import blockdev.queue.IoThread;
import inlinecrypt.CryptoConfig;
import inlinecrypt.CryptoKey;
import inlinecrypt.Errno;
import inlinecrypt.KeyType;
import inlinecrypt.keyslot.KeyslotCompletion;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The way of keys and of bios with crypto contexts to any block device, with or without inline
 * encryption of its own.
 *
 * <p>The life of a key: make it; {@link #startUsing} on each device; submit bios with it through
 * {@link #submitter}; {@link #evict} from each device; close it.
 *
 * <p>There is one of these for all devices. Thread-safe. Source: {@code block/blk-crypto.c}.
 */
public final class BlkCrypto {
  private final @Nullable Fallback fallback;
  private final ConcurrentHashMap<BioSubmitter, CryptoSubmitter> submitters =
      new ConcurrentHashMap<>();
  private final AtomicLong failedEvicts = new AtomicLong();

  private BlkCrypto(@Nullable Fallback fallback) {
    this.fallback = fallback;
  }

  /** blk-crypto with {@code fallback} for what devices cannot do, which stays the caller's. */
  public static BlkCrypto over(Fallback fallback) {
    return new BlkCrypto(fallback);
  }

  /** blk-crypto built without {@code CONFIG_BLK_INLINE_ENCRYPTION_FALLBACK}. */
  public static BlkCrypto withoutFallback() {
    return new BlkCrypto(null);
  }

  /** The software fallback, or null if there is none. */
  public @Nullable Fallback fallback() {
    return fallback;
  }

  /** Whether {@code device} itself can, and may, do {@code config}. */
  public static boolean isNativelySupported(BlockDevice device, CryptoConfig config) {
    return device.profile().supports(config);
  }

  /**
   * Whether {@code device} or the fallback takes {@code config} ({@code
   * blk_crypto_config_supported}). With a fallback that is so for all raw keys, even of modes and
   * data unit sizes that it cannot do: {@link #startUsing}, and the bios, find out. The fallback
   * does nothing for a device that takes no data without a key.
   */
  public boolean isSupported(BlockDevice device, CryptoConfig config) {
    return (hasFallback(device) && config.keyType() == KeyType.RAW)
        || isNativelySupported(device, config);
  }

  /**
   * Prepares for bios with {@code key} to {@code device} ({@code blk_crypto_start_using_key}). May
   * take its time: not for the I/O path.
   *
   * @return {@link Errno#OK}; if the device cannot do it itself: EOPNOTSUPP for a hardware-wrapped
   *     key, ENOPKG if there is no fallback or it has no engine with the mode, ENOMEM if it has no
   *     memory
   */
  public Errno startUsing(BlockDevice device, CryptoKey key) {
    CryptoConfig config = key.config();
    if (isNativelySupported(device, config)) {
      return Errno.OK;
    }
    if (config.keyType() != KeyType.RAW) {
      return Errno.EOPNOTSUPP;
    }
    return fallback == null || !hasFallback(device)
        ? Errno.ENOPKG
        : fallback.startUsing(device, config.mode());
  }

  /** What the fallback encrypted goes out as plain data, which not every device takes. */
  private boolean hasFallback(BlockDevice device) {
    return fallback != null && !device.profile().dunIsAddress();
  }

  /**
   * The calling thread's way into {@code device} for bios of all kinds ({@code
   * blk_crypto_submit_bio}), always the same one. It is {@link BlockDevice#submitter}, except that
   * a bio with data whose context the device does not support goes through the fallback, if there
   * is one.
   */
  public BioSubmitter submitter(BlockDevice device) {
    return submitter(device, device.submitter());
  }

  /** As {@link #submitter(BlockDevice)}, for {@code thread}. */
  public BioSubmitter submitter(BlockDevice device, IoThread thread) {
    return submitter(device, device.submitter(thread));
  }

  private BioSubmitter submitter(BlockDevice device, BioSubmitter below) {
    if (fallback == null || !hasFallback(device)) {
      return below;
    }
    CryptoSubmitter known = submitters.get(below);
    return known != null
        ? known
        : submitters.computeIfAbsent(
            below, made -> new CryptoSubmitter(device, made, fallback.newQueue(device, made)));
  }

  /**
   * Makes {@code device}, or the fallback where that does its work, forget {@code key} ({@code
   * blk_crypto_evict_key}). Afterwards no slot there maps the key, whatever the result.
   *
   * @param done told the result, see {@link inlinecrypt.keyslot.KeyslotManager#evict}; may be told
   *     before this returns
   */
  public void evict(BlockDevice device, CryptoKey key, KeyslotCompletion done) {
    KeyslotCompletion counting =
        result -> {
          if (result != Errno.OK) {
            failedEvicts.incrementAndGet();
          }
          done.done(result);
        };
    if (isNativelySupported(device, key.config())) {
      device.evict(key, counting);
    } else if (fallback != null) {
      fallback.evict(key, counting);
    } else {
      done.done(Errno.OK);
    }
  }

  /** Evictions that did not end with OK. */
  public long failedEvicts() {
    return failedEvicts.get();
  }
}
