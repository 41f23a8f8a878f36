// The mug on a desk beside a window.
#version 3.7;
global_settings { assumed_gamma 1.0 }
#include "studio.inc"
#include "products.inc"
#include "place.inc"

camera {
  perspective location <-4, 19, -62> look_at <-3.6, 9.2, 0>
  right x up y angle 27
}
Backdrop("room.png", 120, 120, 95, -52)
sphere { 0, 900
  pigment { gradient y color_map { [0 rgb 0.14] [0.5 rgb <0.46, 0.42, 0.38>] [1 rgb <0.66, 0.62, 0.56>] }
            scale 1800 translate -y * 900 }
  finish { emission 1 diffuse 0 } hollow no_image no_shadow }
light_source { <-110, 78, 10> rgb <1.35, 1.16, 0.92> area_light z * 34, y * 40, 6, 6 adaptive 1 jitter }
light_source { <40, 60, -90> rgb <0.26, 0.26, 0.27> area_light x * 60, y * 40, 4, 4 adaptive 1 jitter }
light_source { <0, 70, -40> rgb 0.14 shadowless }
box { <-60, 0, -40>, <-59.8, 60, 60> pigment { rgb 1 } finish { emission 1.2 diffuse 0 } no_image no_shadow }

// the desk, with its far edge
box { <-90, -4, -90>, <90, 0, 44>
  texture { Boards rotate y * 90 scale 1.7 translate <13, 2.1, 6> }
  texture { pigment { rgbt <0.30, 0.16, 0.07, 0.62> }
            finish { diffuse 0.5 specular 0.2 roughness 0.02 reflection { 0.02, 0.25 falloff 4 } } } }
// a notebook with its elastic band, and a pencil on it
union {
  box { <0, 0, 0>, <15, 1.5, 21> pigment { color Pine } finish { diffuse 0.8 specular 0.1 roughness 0.1 } }
  box { <0.15, 0.2, -0.05>, <15.05, 1.3, 20.8> pigment { srgb <0.95, 0.92, 0.86> } }
  box { <12.6, -0.02, -0.06>, <13.1, 1.56, 21.05> pigment { color Ember } }
  rotate y * 24 translate <-26, 0, -7>
}
cylinder { <0, 0, 0>, <0, 0, 15>, 0.38
  texture { pigment { color Ember } finish { diffuse 0.8 specular 0.3 roughness 0.03 } }
  rotate y * -38 translate <-12.5, 1.95, 0> }
object { Ember_Closed rotate y * 6 }
