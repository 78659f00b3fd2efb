//! A bitmap as a small PNG: a few dozen colours are plenty for lines, letters and the blends at their edges.

use std::collections::HashMap;

use png::{BitDepth, ColorType, Compression, Encoder};

type Pixel = [u8; 3];

/// The most colours that are kept, of the 256 that a palette can have (PNG, section 11.2.2): with more the file is larger by a
/// third and looks the same.
const MOST: usize = 64;

/// Encodes pixels of red, green and blue, row by row. The most frequent colours are kept; each other becomes the nearest of
/// them.
pub(super) fn encode((width, height): (u32, u32), pixels: &[u8]) -> Vec<u8> {
    let pixels = || pixels.chunks_exact(3).map(|pixel| [pixel[0], pixel[1], pixel[2]]);
    let palette = palette(pixels());
    let mut places: HashMap<Pixel, u8> = HashMap::new();
    let indexed: Vec<u8> =
        pixels().map(|pixel| *places.entry(pixel).or_insert_with(|| nearest(&palette, pixel))).collect();
    let mut file = Vec::new();
    let mut encoder = Encoder::new(&mut file, width, height);
    encoder.set_color(ColorType::Indexed);
    encoder.set_depth(BitDepth::Eight);
    encoder.set_compression(Compression::High);
    // Neighbours in a palette are no neighbours in colour: filters only cost here (PNG, section 12.7).
    encoder.set_filter(png::Filter::NoFilter);
    encoder.set_palette(palette.concat());
    // Writing into memory does not fail, and the sizes are those of the pixels.
    let written = encoder.write_header().and_then(|mut writer| writer.write_image_data(&indexed));
    if let Err(error) = written {
        tracing::error!(%error, "a picture could not be encoded");
    }
    file
}

fn palette(pixels: impl Iterator<Item = Pixel>) -> Vec<Pixel> {
    let mut counts: HashMap<Pixel, usize> = HashMap::new();
    pixels.for_each(|pixel| *counts.entry(pixel).or_default() += 1);
    let mut colours: Vec<(Pixel, usize)> = counts.into_iter().collect();
    // By colour where the counts are equal, so that the same picture is the same file.
    colours.sort_by_key(|&(pixel, count)| (std::cmp::Reverse(count), pixel));
    colours.into_iter().take(MOST).map(|(pixel, _)| pixel).collect()
}

fn nearest(palette: &[Pixel], pixel: Pixel) -> u8 {
    let distance = |other: &Pixel| -> u32 {
        other.iter().zip(pixel).map(|(&one, other)| u32::from(one.abs_diff(other)).pow(2)).sum()
    };
    let place = palette.iter().enumerate().min_by_key(|(_, colour)| distance(colour)).map_or(0, |(place, _)| place);
    u8::try_from(place).unwrap_or(u8::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_colours_come_back_as_they_were() {
        let pixels: Vec<u8> = (0..60_u8).flat_map(|i| [i % 3 * 100, 7, i % 5]).collect();
        let mut reader = png::Decoder::new(std::io::Cursor::new(encode((10, 6), &pixels)));
        reader.set_transformations(png::Transformations::EXPAND);
        let mut reader = reader.read_info().unwrap();
        let mut read = vec![0; reader.output_buffer_size().unwrap()];
        let info = reader.next_frame(&mut read).unwrap();
        assert_eq!((info.width, info.height, info.color_type), (10, 6, ColorType::Rgb));
        assert_eq!(read, pixels);
    }

    #[test]
    fn a_colour_too_many_becomes_its_neighbour() {
        let mut pixels: Vec<Pixel> = (0..64_u8).flat_map(|i| [[i * 4, 0, 0]; 2]).collect();
        pixels.push([100, 1, 0]);
        let palette = palette(pixels.iter().copied());
        assert_eq!(palette.len(), MOST);
        assert_eq!(palette[usize::from(nearest(&palette, [100, 1, 0]))], [100, 0, 0]);
    }
}
