/**
 * The vocabulary of inline encryption: modes, configurations, keys, data unit numbers and contexts,
 * named as Linux blk-crypto names them ({@code include/linux/blk-crypto.h}).
 *
 * <p>This module knows keys, data units, modes and slots. It never says bio, sector, LBA, file or
 * NVMe, and it knows no clock but one that is handed in. It can be used alone.
 */
@NullMarked
package inlinecrypt;

import org.jspecify.annotations.NullMarked;
